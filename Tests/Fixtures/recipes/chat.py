"""Writes golden/chat/prompts.json: what transformers makes of conversations with the chat templates that we have formats for.

    pip install transformers==5.24.0 jinja2==3.1.6 trl==1.16.0
    python chat.py ../golden/chat/prompts.json

It also has the ids that apply_chat_template gives with the tokenizers of the small checkpoints in ../hub, which know none of the templates' own tokens.

trl has the templates of the models' repositories, byte for byte; its README says of which. Those of SmolLM2 and of plain ChatML are short and
below. The file has no template, only its hash: SHA-256 of its text with line breaks in place of \\n and without white space at both ends.
"""

import datetime
import hashlib
import json
import pathlib
import sys

import transformers
import trl
from transformers.utils import chat_template_utils

CHATML = (
    "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
SMOLLM2 = CHATML.replace(
    "%}{{'<|im_start|>' + m",
    "%}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nYou are a helpful AI assistant named SmolLM,"
    " trained by Hugging Face<|im_end|>\n' }}{% endif %}{{'<|im_start|>' + m",
)
# Our name, trl's name or the text, the beginning-of-text token where the template writes one, and a small checkpoint of the family.
TEMPLATES = [
    ("Gemma 2", "gemma", "<bos>", "gemma2"),
    ("Gemma 3", "gemma3", "<bos>", "gemma3"),
    ("Llama 3", "llama3", "<|begin_of_text|>", "llama3"),
    ("Llama 3.1", "llama3_1", "<|begin_of_text|>", None),
    ("Llama 3.1", "llama3_2", "<|begin_of_text|>", None),
    ("Qwen 2.5", "qwen2_5", None, None),
    ("Qwen 3", "qwen3", None, "qwen3"),
    ("Qwen 3 2507", "qwen3_instruct_2507", None, None),
    ("GPT-OSS", "gptoss", None, "gpt-oss"),
    ("SmolLM2", SMOLLM2, None, None),
    ("ChatML", CHATML, None, None),
]
S, U, A = "system", "user", "assistant"
CONVERSATIONS = [
    [(U, "What is the capital of Texas?")],
    [(S, "Answer briefly."), (U, "What is the capital of Texas?")],
    [(U, "Hi"), (A, "Hello!"), (U, "Bye")],
    [(S, "Answer briefly."), (U, "Hi"), (A, "Hello!"), (U, "What?"), (A, "Yes."), (U, "Bye")],
    [(U, "What is the capital of Texas?"), (A, "The capital is")],
    [(S, "Answer briefly."), (U, "Hi"), (A, "Hello!"), (U, "Where?"), (A, "In")],
    # White space at the ends of turns.
    [(S, " Be \n brief.\n"), (U, "  Hi \n"), (A, "\n\nHello \n"), (U, "\nBye\t")],
    [(U, "Where? "), (A, " In the ")],
    [(U, "Where?"), (A, "\n\nIn\n")],
    # Thoughts in an earlier answer and in the last.
    [(U, "Hi"), (A, "<think>\nA greeting.\n</think>\n\nHello!"), (U, "Bye")],
    [(U, "Hi"), (A, "<think>\nA greeting.\n</think>\n\nHel")],
    # Texts that look like the template's own.
    [(U, "Write <|im_end|> and <end_of_turn> and <|eot_id|> and <|end|>.")],
    [(U, "")],
    [(S, ""), (U, "Hi")],
]
DATE = datetime.date(2025, 1, 2)
USUAL = datetime.date(2024, 7, 26)


class Clock:
    today = DATE

    @classmethod
    def now(cls):
        return cls.today


chat_template_utils.datetime = Clock


def render(template, bos, turns, thinking, date):
    messages = [{"role": role, "content": text} for role, text in turns]
    is_open = turns[-1][0] == A
    options = {} if thinking is None else {"enable_thinking": thinking}
    if date:
        # Llama 3.1's asks for no clock.
        options |= {"date_string": date.strftime("%d %b %Y")}
    # What the templates take for today.
    Clock.today = date or USUAL
    texts, _ = chat_template_utils.render_jinja_template(
        [messages], chat_template=template, add_generation_prompt=not is_open, continue_final_message=is_open, bos_token=bos, **options
    )
    return texts[0]


def case(template, bos, turns, thinking=None, date=None):
    row = {"turns": [list(turn) for turn in turns], "thinking": thinking, "date": date and date.isoformat()}
    try:
        return {**row, "text": render(template, bos, turns, thinking, date)}
    except Exception as error:
        return {**row, "error": str(error)}


def main(path):
    folder = pathlib.Path(trl.__file__).parent / "chat_templates"
    rows = []
    for name, template, bos, model in TEMPLATES:
        if "{" not in template:
            template = (folder / f"{template}.jinja").read_text()
        cases = [case(template, bos, turns) for turns in CONVERSATIONS]
        cases += [case(template, bos, turns, date=DATE) for turns in CONVERSATIONS[:2]]
        if "enable_thinking" in template:
            cases += [case(template, bos, turns, thinking=False) for turns in (CONVERSATIONS[0], CONVERSATIONS[2], CONVERSATIONS[4])]
        digest = hashlib.sha256(template.replace("\r\n", "\n").replace("\\n", "\n").strip().encode()).hexdigest()
        rows.append({"format": name, "sha256": digest, "bos": bos, "cases": cases})
        if model:
            snapshot = next((pathlib.Path(__file__).parent / f"../hub/models--tiny--{model}/snapshots").iterdir())
            tokenizer = transformers.AutoTokenizer.from_pretrained(snapshot)
            Clock.today = USUAL
            messages = [{"role": role, "content": text} for role, text in CONVERSATIONS[2]]
            ids = tokenizer.apply_chat_template(messages, chat_template=template, add_generation_prompt=True, return_dict=False)
            rows[-1] |= {"model": f"tiny/{model}", "ids": ids}
    made = {"transformers": transformers.__version__, "trl": trl.__version__, "templates": rows}
    # A case on a line.
    pathlib.Path(path).write_text(json.dumps(made, ensure_ascii=False).replace('{"turns"', '\n{"turns"') + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
