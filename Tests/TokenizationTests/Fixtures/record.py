"""Records what Hugging Face tokenizers (0.23.3) makes of generated texts, for RecordedTests.swift.

    python3 -m venv venv && venv/bin/pip install tokenizers==0.23.3 && venv/bin/python record.py

Reads llama3-tokenizer.json, qwen3-tokenizer.json and gemma-tokenizer.json beside it (600 tokens each, the stages of the
real ones); writes *-cases.json and variants.json. The texts depend on nothing but the seeds in this file. A case without
`decoded` decodes to its text.
"""
import json
import pathlib
import random

from tokenizers import Tokenizer

HERE = pathlib.Path(__file__).parent

# Ranges of scalars to draw from.
BLOCKS = [
    (0x20, 0x7e), (0xa0, 0xff), (0x100, 0x24f), (0x250, 0x2ff), (0x300, 0x36f), (0x370, 0x3ff), (0x400, 0x52f),
    (0x590, 0x5ff), (0x600, 0x6ff), (0x900, 0x97f), (0xe00, 0xe7f), (0x1100, 0x11ff), (0x1e00, 0x1fff),
    (0x2000, 0x206f), (0x2070, 0x20cf), (0x2100, 0x214f), (0x2460, 0x24ff), (0x3000, 0x30ff), (0x3400, 0x3450),
    (0x4e00, 0x9fff), (0xac00, 0xd7a3), (0xe000, 0xe010), (0xf900, 0xfaff), (0xfb00, 0xfdff), (0xfe00, 0xfe2f),
    (0xff00, 0xffef), (0x10000, 0x100ff), (0x10400, 0x104ff), (0x11000, 0x110ff), (0x1d15e, 0x1d164),
    (0x1d400, 0x1d7ff), (0x1f300, 0x1faff), (0x20000, 0x20100), (0x2f800, 0x2fa1d), (0xe0000, 0xe01ef),
    (0x10fffd, 0x10ffff), (0xfdd0, 0xfdef), (0x1f1e6, 0x1f1ff),
]
# Pieces that have tripped tokenizers: contractions, line ends, joiners, marks, tokens written out.
FRAGMENTS = [
    "'s", "'S", "'\u017f", "'T", "'re", "'RE", "'Ve", "'LL", "'ll", "'d", "'D", "'m", "'M", "'k", "\u212a", "don't",
    "WE'VE", "\r\n", "\n", "\r", "\n\n", "\r\n\r\n", "\t", " ", "  ", "   ", "        ", "\xa0", "\u2003", "\u3000",
    "\u2028", "\x85", "\x0b", "\x0c", "\x00", "\x1f", "\x7f", "\u200b", "\u200d", "\ufeff", "123", "1234567890",
    "\u0663\u0664\u0665", "\xbd", "\u2167", "\xb2", "\xe9", "e\u0301", "\u0301", "\u0308\u0301", "\xc5", "A\u030a",
    "\xe4\u0323", "\u1100\u1161\u11a8", "\uac01", "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
    "\U0001f1e9\U0001f1ea", "\U0001f44d\U0001f3fd", "\u2764\ufe0f",
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "\xdf", "\u1e9e", "\ufb01", "\ufb05",
    "\u0130", "\u0131", "\u01c4", "\u01c5", "\u0295", "Hello", "HELLO", "world", " the", " The", " a", "foo_bar",
    "camelCase", "HTTPServer", "x/y", "//", "...", "?!", "\u2014", "\u201cq\u201d", "$5.00", "a-b", "\"", "\\",
    "<|endoftext|>", "<|end_of_text|>", "<|begin_of_text|>", "<|im_start|>", "<|im_end|>", "<|im|>", "<|im|>x",
    "<think>", "</think>", "word", "words", " word ", "caf\xe9", "cafe\u0301", "e\u0301x", "a\xe9 \u017f", "<|",
    "|>", "\u4f60\u597d", "\u4e16\u754c", "\uff0c", "\u3002", "\u041f\u0440\u0438\u0432\u0435\u0442",
    "\u0645\u0631\u062d\u0628\u0627", "\u05e9\u05dc\u05d5\u05dd", "\u0928\u092e\u0938\u094d\u0924\u0947",
    "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35", "\u3053\u3093\u306b\u3061\u306f", "\u30ab\u30bf\u30ab\u30ca",
    "\uc548\ub155", "\u0120", "\u010a", "\u2581", "\u0120\u0120",
    "<bos>", "<unk>", "<unk><unk>", "<0x0A>", "<0xE2>", "<0x", "\u2581\u2581", "\u2581a", "\n\n\n", "  \n\n  ",
]
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def scalar(r):
    while True:
        value = r.randint(0, 0x10FFFF)
        if not 0xD800 <= value < 0xE000:
            return chr(value)


def word(r):
    kind = r.random()
    if kind < 0.55:
        return r.choice(FRAGMENTS)
    if kind < 0.70:
        return "".join(r.choice(LETTERS) for _ in range(r.randint(1, 9)))
    if kind < 0.75:
        return r.choice([" ", "\n", "\t", "\r\n", "  \n", "1", "a", "\u00a0", "\u00e9"]) * r.randint(1, 40)
    if kind < 0.80:
        return "".join(r.choice("0123456789") for _ in range(r.randint(1, 8)))
    if kind < 0.95:
        first, last = r.choice(BLOCKS)
        return "".join(chr(r.randint(first, last)) for _ in range(r.randint(1, 6)))
    if kind < 0.98:
        return scalar(r)
    return "".join(chr(r.randint(0, 0x2F)) for _ in range(r.randint(1, 5)))


def text(r):
    separator = r.choice(["", "", " ", "", " "])
    return separator.join(word(r) for _ in range(r.choice([0, 1, 1, 2, 3, 4, 5, 8, 12, 20, 40])))


def cases(tokenizer, seed, count):
    r = random.Random(seed)
    texts = {}
    while len(texts) < count:
        candidate = text(r)
        if len(candidate) <= 160:
            texts[candidate] = tokenizer.encode(candidate, add_special_tokens=False).ids
    recorded = []
    for t, ids in texts.items():
        decoded = tokenizer.decode(ids, skip_special_tokens=False)
        recorded.append({"text": t, "ids": ids} | ({} if decoded == t else {"decoded": decoded}))
    return recorded


def compact(value):
    return json.dumps(value, separators=(",", ":"))


BYTE_LEVEL = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}


def split(expression, behavior="Isolated", invert=False):
    return {"type": "Split", "pattern": {"Regex": expression}, "behavior": behavior, "invert": invert}


def sequence(*stages):
    return {"type": "Sequence", "pretokenizers": [*stages, BYTE_LEVEL]}


O200K = "|".join([
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"\p{N}{1,3}", r" ?[^\s\p{L}\p{N}]+[\r\n/]*", r"\s*[\r\n]+", r"\s+(?!\S)", r"\s+",
])
DEEPSEEK = "|".join([
    r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+""", r"[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+",
    r" ?[\p{P}\p{S}]+[\r\n]*", r"\s*[\r\n]+", r"\s+(?!\S)", r"\s+",
])
ADDED = [
    {"content": "<think>"},
    {"content": "<|im|>", "special": True, "lstrip": True},
    {"content": "<|im|>x", "special": True, "rstrip": True},
    {"content": "word", "single_word": True},
    {"content": "caf\u00e9", "normalized": True},
    {"content": "  ", "normalized": True, "lstrip": True, "rstrip": True},
]
NFC = {"type": "NFC"}
# What each variant changes in the llama3 tokenizer; of the model, what `model` holds.
LLAMA_VARIANTS = {
    "gpt2": {"pre_tokenizer": BYTE_LEVEL | {"use_regex": True}, "model": {"ignore_merges": False}},
    "prefix": {"pre_tokenizer": BYTE_LEVEL | {"use_regex": True, "add_prefix_space": True}, "added_tokens": ADDED},
    "o200k": {"pre_tokenizer": sequence(split(O200K)), "added_tokens": ADDED},
    "deepseek": {
        "pre_tokenizer": sequence(split(r"\p{N}{1,3}"), split("[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+"), split(DEEPSEEK)),
        "normalizer": NFC, "added_tokens": ADDED,
    },
    "removed": {"pre_tokenizer": sequence(split(r"\s+", "Removed"))},
    "inverted": {"pre_tokenizer": sequence(split(r"\p{L}+", "Removed", True))},
    "merged-with-previous": {"pre_tokenizer": sequence(split(r"[\p{P}\p{S}]", "MergedWithPrevious"))},
    "merged-with-next": {"pre_tokenizer": sequence(split(r"\s", "MergedWithNext"))},
    "contiguous": {"pre_tokenizer": sequence(split(r"\p{L}|\p{N}", "Contiguous"))},
    "literal": {"pre_tokenizer": sequence(split("", "MergedWithPrevious") | {"pattern": {"String": " "}})},
    "empty-matches": {"pre_tokenizer": sequence(split(r"\p{N}*"))},
}


def metaspace(**options):
    return {"type": "Metaspace", "replacement": "\u2581"} | options


def replaced(pattern, content):
    return {"type": "Replace", "pattern": {"String": pattern}, "content": content}


def decoders(*stages):
    return {"type": "Sequence", "decoders": list(stages)}


BYTES, FUSE = {"type": "ByteFallback"}, {"type": "Fuse"}
LLAMA_2 = {
    "normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "\u2581"}, replaced(" ", "\u2581")]},
    "pre_tokenizer": None,
    "decoder": decoders(replaced("\u2581", " "), BYTES, FUSE, {"type": "Strip", "content": " ", "start": 1, "stop": 0}),
    "post_processor": {
        "type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<bos>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
        "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
        "special_tokens": {"<bos>": {"id": "<bos>", "ids": [2], "tokens": ["<bos>"]}},
    },
}
# `renamed` is a text of the file and what takes its place: the vocabulary loses 16 of its byte tokens.
FEWER_BYTES = {"renamed": ["<0x8", "<gone8"]}
# What each variant changes in the gemma tokenizer.
GEMMA_VARIANTS = {
    "added": {"added_tokens": ADDED},
    "fewer-bytes": FEWER_BYTES | {"pre_tokenizer": None},
    "unknown-apart": FEWER_BYTES | {"model": {"fuse_unk": False}},
    "no-bytes": {"model": {"byte_fallback": False, "ignore_merges": True}},
    "nothing-unknown": FEWER_BYTES | {"model": {"unk_token": None}},
    # Added tokens that this normalizer changes decode in 0.23 to what it makes of them, before that to themselves.
    "llama2": LLAMA_2 | {"added_tokens": [token for token in ADDED if not token.get("normalized")]},
    "first": {
        "normalizer": None, "pre_tokenizer": metaspace(prepend_scheme="first", split=False),
        "decoder": decoders(metaspace(prepend_scheme="first"), BYTES, FUSE), "added_tokens": ADDED,
    },
    "always": {"normalizer": NFC, "pre_tokenizer": metaspace(prepend_scheme="always"), "decoder": metaspace()},
    "never": {
        "normalizer": None, "pre_tokenizer": metaspace(add_prefix_space=False, prepend_scheme="never"),
        "decoder": metaspace(prepend_scheme="never"),
    },
    "legacy": {"normalizer": None, "pre_tokenizer": metaspace(add_prefix_space=True), "decoder": metaspace(add_prefix_space=True)},
    "replaced": {
        "normalizer": {"type": "Sequence", "normalizers": [NFC, replaced("the", "a "), replaced("a a", "b"), replaced(" ", "\u2581")]},
        "decoder": decoders({"type": "Strip", "content": "\u2581", "start": 2, "stop": 0}, replaced("\u2581\u2581", ""), BYTES),
    },
}


def changed(source, changes):
    """The tokenizer with the changes made, and the changes with its added tokens written out."""
    root = json.loads(source.replace(*changes["renamed"]) if "renamed" in changes else source)
    plain = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": False}
    added = [plain | {"id": 600 + i} | token for i, token in enumerate(changes.get("added_tokens", []))]
    if added:
        changes = changes | {"added_tokens": root["added_tokens"][:4] + added}
    root["model"] |= changes.get("model", {})
    return root | {key: value for key, value in changes.items() if key not in ("model", "renamed")}, changes


def main():
    variants = []
    for name, all_changes in [("llama3", LLAMA_VARIANTS), ("qwen3", {}), ("gemma", GEMMA_VARIANTS)]:
        source = (HERE / f"{name}-tokenizer.json").read_text()
        lines = ",\n".join(map(compact, cases(Tokenizer.from_str(source), name, 500)))
        (HERE / f"{name}-cases.json").write_text(f"[\n{lines}\n]\n")
        for variant, changes in all_changes.items():
            root, changes = changed(source, changes)
            lines = ",\n".join(map(compact, cases(Tokenizer.from_str(json.dumps(root)), variant, 70)))
            variants.append(f'{{"id": "{variant}", "base": "{name}", "changes": {compact(changes)}, "cases": [\n{lines}\n]}}')
    (HERE / "variants.json").write_text("[\n" + ",\n".join(variants) + "\n]\n")


if __name__ == "__main__":
    main()
