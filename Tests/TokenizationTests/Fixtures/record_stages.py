"""Records what Hugging Face tokenizers 0.22.2, which transformers 4.57.3 uses, makes of stages that the families' own
tokenizers do not have, for RecordedTests.swift; and which scalars its classes hold, for ScalarClassTests.swift.

    python3 -m venv venv && venv/bin/pip install tokenizers==0.22.2 && venv/bin/python record_stages.py

Writes stages.json, as record.py writes variants.json, and classes.json: ranges of scalars.
"""
import json

from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers

from record import ADDED, BYTE_LEVEL, HERE, LLAMA_2, cases, changed, compact, replaced, sequence, split

NUMBERS = [{"type": "Digits", "individual_digits": flag} for flag in (True, False)]
GPT2 = BYTE_LEVEL | {"use_regex": True}


def punctuation(behavior):
    return {"type": "Punctuation", "behavior": behavior}


def after(*stages):
    """Stages that follow ByteLevel, and so see its letters."""
    return {"type": "Sequence", "pretokenizers": [GPT2, *stages]}


# The splits of DeepSeek LLM, BLOOM, two spellings of GPT-4's, EXAONE 4 and SuperBPE.
DEEPSEEK_LLM = [
    "[\r\n]",
    "\\s?[A-Za-z\u00b5\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u01ba\u01bc-\u01bf\u01c4-\u0293\u0295-\u02af\u0370-\u0373]+",
    "\\s?[!-/:-~\uff01-\uff0f\uff1a-\uff5e\u2018-\u201f\u3000-\u3002]+", r"\s+$", "[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+",
]
BLOOM = " ?[^(\\s|[.,!?\u2026\u3002\uff0c\u3001\u0964\u06d4\u060c])]+"
POSSESSIVE = "|".join([
    r"'(?i:[sdmt]|ll|ve|re)", r"[^\r\n\p{L}\p{N}]?+\p{L}+", r"\p{N}{1,3}", r" ?[^\s\p{L}\p{N}]++[\r\n]*",
    r"\s*[\r\n]", r"\s+(?!\S)", r"\s+",
])
GPT4 = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s"
EXAONE = "|".join([
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)", r"[^\r\n(?:\p{L}\p{M}*)\p{N}]?(?:\p{L}\p{M}*)+", r"\p{N}",
    r" ?(?:[^\s\p{L}\p{M}\p{N}]\p{M}*)+[\r\n]*", r"\s*[\r\n]+", r"\s+(?!\S)", r"\s+",
])

# SmolLM's, StarCoder's and Falcon's chains, then each stage alone in its other forms.
LLAMA_STAGES = {
    "smollm": {"pre_tokenizer": {"type": "Sequence", "pretokenizers": [NUMBERS[0], GPT2]}, "model": {"ignore_merges": False}},
    "falcon": {"pre_tokenizer": {"type": "Sequence", "pretokenizers": [punctuation("Contiguous"), GPT2, NUMBERS[1], split("[0-9][0-9][0-9]")]}},
    "digits": {"pre_tokenizer": sequence(NUMBERS[1]), "added_tokens": ADDED},
    "punctuation": {"pre_tokenizer": sequence({"type": "Punctuation"})},
    "punctuation-removed": {"pre_tokenizer": sequence(punctuation("Removed"))},
    "punctuation-previous": {"pre_tokenizer": sequence(punctuation("MergedWithPrevious"))},
    "punctuation-next": {"pre_tokenizer": sequence(punctuation("MergedWithNext"))},
    "whitespace": {"pre_tokenizer": sequence({"type": "Whitespace"})},
    "whitespace-split": {"pre_tokenizer": sequence({"type": "WhitespaceSplit"})},
    "split-removed-inverted": {"pre_tokenizer": sequence(split(r"\p{L}+|\p{N}+", "Removed", True))},
    "split-previous-inverted": {"pre_tokenizer": sequence(split(r"\p{L}+", "MergedWithPrevious", True))},
    "split-next-inverted": {"pre_tokenizer": sequence(split(r"\p{L}+", "MergedWithNext", True))},
    "split-contiguous-inverted": {"pre_tokenizer": sequence(split(r"\s", "Contiguous", True))},
    "letters-split": {"pre_tokenizer": after(split("\u0120", "MergedWithNext"), NUMBERS[0])},
    "letters-twice": {"pre_tokenizer": after(GPT2)},
    "prefix-then-digits": {"pre_tokenizer": {"type": "Sequence", "pretokenizers": [GPT2 | {"add_prefix_space": True}, NUMBERS[0]]}},
    "metaspace-then-digits": {"pre_tokenizer": sequence({"type": "Metaspace", "replacement": "_", "prepend_scheme": "first", "split": True}, NUMBERS[0])},
    "missing-letters": {"renamed": ['"\u0144"', '"gone"'], "pre_tokenizer": GPT2},
    "missing-letters-unknown": {"renamed": ['"\u00e3"', '"gone"'], "model": {"unk_token": "!"}},
    "missing-letters-fused": {"renamed": ['"\u00e3"', '"gone"'], "model": {"unk_token": "!", "fuse_unk": True}},
    "no-decoder": {"decoder": None, "post_processor": {"type": "RobertaProcessing", "sep": ["a", 66], "cls": ["b", 67], "trim_offsets": True, "add_prefix_space": True}},
    "replaced-spaces": {"normalizer": {"type": "Replace", "pattern": {"Regex": " {2,}|^\\s"}, "content": " "}},
    "lowercase": {"normalizer": {"type": "Lowercase"}, "added_tokens": [t for t in ADDED if not t.get("normalized")]},
    "strip": {"normalizer": {"type": "Strip", "strip_left": True, "strip_right": True}},
    "strip-right": {"normalizer": {"type": "Sequence", "normalizers": [{"type": "Lowercase"}, {"type": "Strip", "strip_left": False, "strip_right": True}]}},
    "deepseek-llm": {"pre_tokenizer": sequence(*map(split, DEEPSEEK_LLM), NUMBERS[0])},
    "bloom": {"pre_tokenizer": sequence(split(BLOOM))},
    "possessive": {"pre_tokenizer": sequence(split(POSSESSIVE))},
    "gpt4": {"pre_tokenizer": sequence(split(GPT4))},
    "exaone4": {"pre_tokenizer": sequence(split(EXAONE))},
    "superbpe": {"pre_tokenizer": sequence(split(r"\p{N}+"), split(r"(?=(\d{3})+(?!\d))"))},
    "grouped-digits": {"pre_tokenizer": sequence(split(r"\d{1,3}(?=(\d{3})*\b)", "Removed"))},
    "words": {"pre_tokenizer": sequence(split(r"\w+", "Removed"), split(r"[^\w\s]+", "Removed"))},
    "anchors": {"pre_tokenizer": sequence(split(r"^\s+|\s+$|\b"), split(r"^.|(?>\d+|.)$|\D\W", "Removed"))},
    "intersection": {"pre_tokenizer": sequence(split(r"[\p{L}&&[^a-f]&&\P{Lu}]+|[^\p{L}&&[^ ]]+", "Removed"))},
    "bert": {"post_processor": {"type": "BertProcessing", "sep": ["a", 66], "cls": ["b", 67]}},
}
GEMMA_STAGES = {
    "no-decoder": {"decoder": None},
    "unknown-absent": {"model": {"unk_token": "<nowhere>"}},
    "mistral": LLAMA_2 | {"added_tokens": [{"content": "[INST]", "special": True}, {"content": "<tool>"}]},
    "whitespace": {"normalizer": None, "pre_tokenizer": {"type": "Whitespace"}},
    "replaced-digits": {"normalizer": {"type": "Sequence", "normalizers": [replaced(" ", "\u2581")]}, "pre_tokenizer": NUMBERS[0]},
}


def ranges(holds):
    result, first = [], None
    for value in range(0x110001):
        inside = value < 0x110000 and not 0xD800 <= value < 0xE000 and holds(chr(value))
        if inside and first is None:
            first = value
        if not inside and first is not None:
            result.append([first, value - 1])
            first = None
    return result


def pieces(stage):
    return lambda scalar: len(stage.pre_tokenize_str(f"a{scalar}b"))


def main():
    stages = []
    for base, all_changes in [("llama3", LLAMA_STAGES), ("gemma", GEMMA_STAGES)]:
        source = (HERE / f"{base}-tokenizer.json").read_text()
        for name, changes in all_changes.items():
            root, changes = changed(source, changes)
            lines = ",\n".join(map(compact, cases(Tokenizer.from_str(json.dumps(root)), f"{base} {name}", 40)))
            stages.append(f'{{"id": "{name}", "base": "{base}", "changes": {compact(changes)}, "cases": [\n{lines}\n]}}')
    (HERE / "stages.json").write_text("[\n" + ",\n".join(stages) + "\n]\n")
    digits, punctuation_marks, space, word = map(pieces, [
        pre_tokenizers.Digits(False), pre_tokenizers.Punctuation(), pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Whitespace()])
    classes = {
        "digit": ranges(lambda c: digits(c) == 3), "punctuation": ranges(lambda c: punctuation_marks(c) == 3),
        "whiteSpace": ranges(lambda c: space(c) == 2), "word": ranges(lambda c: word(c) == 1),
        "other": ranges(lambda c: word(c) == 3),
    }
    for expression in [r"[\w]", r"\w"]:
        stage = pre_tokenizers.Split(Regex(expression), "removed")
        classes[expression] = ranges(lambda c: not stage.pre_tokenize_str(c))
    lower = normalizers.Lowercase()
    classes["lowered"] = ranges(lambda c: lower.normalize_str(c) != c)
    (HERE / "classes.json").write_text("{\n" + ",\n".join(f'{compact(k)}: {compact(v)}' for k, v in classes.items()) + "\n}\n")


if __name__ == "__main__":
    main()
