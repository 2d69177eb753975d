"""Records what transformers makes of tokenizer folders, for FolderTests.swift: folders that it saved itself, by both
versions, and folders as people make them by hand.

    python3 -m venv v4 && v4/bin/pip install transformers==4.57.3 tokenizers==0.22.2
    python3 -m venv v5 && v5/bin/pip install transformers==5.24.0
    python3 record_folders.py v4/bin/python v5/bin/python

Writes folders.json. A folder is one of the small tokenizers here or under Tests/Fixtures with changes to its
tokenizer.json, and the files beside that. 4.57.3 says what is right, unless 5 saved the folder or only 5 can read it.
The texts depend on nothing but the names of the folders.
"""
import copy
import json
import pathlib
import random
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
HUB = HERE.parent.parent / "Fixtures/hub"
FILES = ["tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"]
PROMPTS = 30

BASES = {
    "llama3": HERE / "llama3-tokenizer.json", "qwen3": HERE / "qwen3-tokenizer.json", "gemma": HERE / "gemma-tokenizer.json",
    "gpt2": next(HUB.glob("models--tiny--gpt2/snapshots/*/tokenizer.json")),
    "gpt-oss": next(HUB.glob("models--tiny--gpt-oss/snapshots/*/tokenizer.json")),
}


def base(name):
    """A tokenizer.json, without most of Gemma's many added tokens."""
    root = json.loads(BASES[name].read_text())
    if name == "gemma":
        root["added_tokens"] = root["added_tokens"][:5] + root["added_tokens"][5::16]
    return root


# A family: its tokenizer, its model type, and the roles and class of its published tokenizer_config.json.
FAMILIES = {
    "llama3": ("llama3", "llama", {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<|begin_of_text|>", "eos_token": "<|end_of_text|>"}),
    "qwen3": ("qwen3", "qwen3", {"tokenizer_class": "Qwen2Tokenizer", "bos_token": None, "eos_token": "<|im_end|>", "pad_token": "<|endoftext|>", "unk_token": None, "add_prefix_space": False}),
    "gemma2": ("gemma", "gemma2", {"tokenizer_class": "GemmaTokenizer", "bos_token": "<bos>", "eos_token": "<eos>", "pad_token": "<pad>", "unk_token": "<unk>"}),
    "gemma3": ("gemma", "gemma3_text", {
        "tokenizer_class": "GemmaTokenizer", "bos_token": "<bos>", "eos_token": "<eos>", "pad_token": "<pad>", "unk_token": "<unk>",
        "boi_token": "<start_of_image>", "image_token": "<image_soft_token>",
        "extra_special_tokens": {"boi_token": "<start_of_image>", "image_token": "<image_soft_token>"}}),
    "gpt-oss": ("gpt-oss", "gpt_oss", {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<|startoftext|>", "eos_token": "<|endoftext|>", "pad_token": "<|endoftext|>"}),
    "gpt2": ("gpt2", "gpt2", {"tokenizer_class": "GPT2Tokenizer", "bos_token": "<|endoftext|>", "eos_token": "<|endoftext|>", "unk_token": "<|endoftext|>"}),
}


def edits(t, AddedToken):
    """What is done to a tokenizer before it is saved, by name."""
    def listed():
        t.add_special_tokens({LIST: ["<|start|>", AddedToken("<|stop|>", lstrip=True, rstrip=True, special=True, normalized=False)]})

    def added():
        t.add_tokens(["<tool>", AddedToken("word", single_word=True, normalized=False), AddedToken("Caf\u00e9", normalized=True, rstrip=True)])
        t.add_tokens([AddedToken("<call>", lstrip=True, special=True)], special_tokens=True)

    def roles():
        t.add_special_tokens({"pad_token": "[PAD]", "sep_token": "<sep>", "cls_token": AddedToken("<cls>", lstrip=True, special=True), "mask_token": "<mask>"})

    return {"plain": lambda: None, "listed": listed, "added": added, "roles": roles}


LIST = "additional_special_tokens"
PLAIN = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": False}


def decoder(root, *more):
    """The `added_tokens_decoder` that goes with a tokenizer.json, and more entries for it."""
    entries = {str(t["id"]): {k: v for k, v in t.items() if k != "id"} for t in root["added_tokens"]}
    for id, token in more:
        entries[str(id)] = PLAIN | token
    return entries


def handmade():
    """Folders as people make them: name, tokenizer, changes, files, model type."""
    llama, qwen, gemma, gpt2 = base("llama3"), base("qwen3"), base("gemma"), base("gpt2")
    roles = FAMILIES["llama3"][2]
    byte_level = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}

    def folder(name, source, files=None, changes=None, type=None):
        types = {"llama3": "llama", "qwen3": "qwen3", "gemma": "gemma2", "gpt2": "gpt2", "gpt-oss": "gpt_oss"}
        return name, source, changes or {}, files or {}, {"model_type": types[source] if type is None else type}

    def config(**values):
        return {"tokenizer_config.json": roles | values}

    def extended(root, *tokens):
        return {"added_tokens": root["added_tokens"] + [PLAIN | t for t in tokens]}

    yield from (folder(f"no files, {name}", name) for name in BASES)
    yield folder("no class", "llama3", {"tokenizer_config.json": {"bos_token": "<|begin_of_text|>", "eos_token": "<|end_of_text|>"}})
    yield folder("map of objects", "llama3", {
        "tokenizer_config.json": {"tokenizer_class": "PreTrainedTokenizerFast"},
        "special_tokens_map.json": {
            "bos_token": PLAIN | {"content": "<|begin_of_text|>"}, "eos_token": "<|end_of_text|>",
            "pad_token": PLAIN | {"content": "[PAD]", "lstrip": True}, LIST: ["<|start|>", PLAIN | {"content": "<|stop|>", "rstrip": True}]}})
    yield folder("map over config", "llama3", config(additional_special_tokens=["<|a|>"]) | {
        "special_tokens_map.json": {"bos_token": "<|end_of_text|>", "eos_token": None, LIST: ["<|b|>"]}})
    yield folder("map left closed", "llama3", config(added_tokens_decoder=decoder(llama)) | {
        "special_tokens_map.json": {"bos_token": "<|end_of_text|>", "pad_token": "[PAD]"}})
    yield folder("added tokens file", "llama3", config(additional_special_tokens=["<|start|>"]) | {
        "added_tokens.json": {"<|start|>": 601, "<tool>": 600, "<|end_of_text|>": 0}})
    yield folder("added tokens left closed", "llama3", config(added_tokens_decoder=decoder(llama)) | {"added_tokens.json": {"<tool>": 600}})
    yield folder("flags of the decoder", "qwen3", {"tokenizer_config.json": FAMILIES["qwen3"][2] | {
        "added_tokens_decoder": {"0": PLAIN | {"content": "<|im_end|>", "lstrip": True, "rstrip": True, "special": True}}}})
    yield folder("class defaults beside a decoder", "llama3", {"tokenizer_config.json": {
        "tokenizer_class": "Qwen2Tokenizer", "unk_token": "<eos>", "bos_token": "[PAD]", "added_tokens_decoder": decoder(
            llama, (600, {"content": "<|endoftext|>", "single_word": True, "rstrip": True}), (703, {"content": "[PAD]", "lstrip": True}))}})
    yield folder("flags as they were", "qwen3", {"tokenizer_config.json": FAMILIES["qwen3"][2] | {
        "eos_token": "</s>", LIST: [{"__type": "AddedToken"} | PLAIN | {"content": "<|im_end|>", "special": True}],
        "added_tokens_decoder": {"0": PLAIN | {"content": "<|im_end|>", "rstrip": True}}}})
    yield folder("listed twice", "llama3", config(additional_special_tokens=[
        {"__type": "AddedToken"} | PLAIN | {"content": "<|a|>", "rstrip": True}, "<|a|>", "<|b|>"]))
    yield folder("a decoder with more", "llama3", config(added_tokens_decoder=decoder(
        llama, (777, {"content": "<|late|>", "special": True}), (700, {"content": "<tool>", "single_word": True}), (3, {"content": "Hello", "normalized": True}))))
    yield folder("gaps and clashes", "llama3", config(), extended(
        llama, {"id": 700, "content": "<gap>"}, {"id": 5, "content": "<taken>", "special": True}, {"id": 9, "content": "the"}, {"id": 710, "content": "<gap>", "lstrip": True}))
    yield folder("padding", "llama3", config(), {"padding": {
        "strategy": "BatchLongest", "direction": "Right", "pad_to_multiple_of": None, "pad_id": 0, "pad_type_id": 0, "pad_token": "<|pad|>"}})
    yield folder("absent tokens", "llama3", config(pad_token="[PAD]", unk_token="<unk>", mask_token="<mask>"))
    yield folder("objects in config", "gpt2", {"tokenizer_config.json": {
        "tokenizer_class": "GPT2Tokenizer", "add_prefix_space": True,
        **{k: {"__type": "AddedToken"} | PLAIN | {"content": "<|endoftext|>", "normalized": True} for k in ["bos_token", "eos_token", "unk_token"]}}})
    yield folder("null roles", "gpt2", {"tokenizer_config.json": {"tokenizer_class": "GPT2Tokenizer", "bos_token": None, "eos_token": "<|endoftext|>", "unk_token": None}})
    yield folder("class defaults", "gemma", {"tokenizer_config.json": {"tokenizer_class": "GemmaTokenizer", "eos_token": "<end_of_turn>"}})
    yield folder("split special tokens", "llama3", config(split_special_tokens=True), extended(llama, {"id": 600, "content": "<tool>"}))
    yield folder("named extras", "llama3", config(extra_special_tokens={"image_token": "<image>", "boi_token": "<|end_of_text|>"}, eoi_token="<eoi>"))
    yield folder("listed extras", "llama3", config(extra_special_tokens=["<image>"]))
    for value in ["unset", None, True, False]:
        setting = {} if value == "unset" else {"add_prefix_space": value}
        for name, source, kind in [("PreTrainedTokenizerFast", "llama3", roles), ("GPT2Tokenizer", "gpt2", FAMILIES["gpt2"][2])]:
            yield folder(f"prefix {value}, {name}", source, {"tokenizer_config.json": kind | setting}, {"pre_tokenizer": byte_level})
    yield folder("prefix, LlamaTokenizerFast", "llama3", config(tokenizer_class="LlamaTokenizerFast"), {"pre_tokenizer": byte_level})
    yield folder("prefix wanted", "gpt2", {"tokenizer_config.json": FAMILIES["gpt2"][2] | {"add_prefix_space": True}})
    # NFC changes the first, and two tokens that differ only in case and space.
    yield folder("normalized tokens", "qwen3", {"tokenizer_config.json": FAMILIES["qwen3"][2] | {
        "added_tokens_decoder": decoder(qwen, (600, {"content": "e\u0301", "normalized": True}), (601, {"content": " a", "lstrip": True}))}})


def save(folder, version):
    """Writes every folder that this version of transformers saves, and for 4 those made by hand."""
    from tokenizers import AddedToken
    from transformers import AutoTokenizer
    for family, (source, type, config) in FAMILIES.items():
        for edit in ["plain", "listed", "added", "roles"]:
            start = folder / f"start {family}"
            write(start, base(source), {"tokenizer_config.json": config}, {"model_type": type})
            tokenizer = AutoTokenizer.from_pretrained(start)
            global LIST
            LIST = "extra_special_tokens" if version == "5" else "additional_special_tokens"
            edits(tokenizer, AddedToken)[edit]()
            place = folder / "made" / f"{family}, {edit}, saved by {version}"
            tokenizer.save_pretrained(place)
            (place / "config.json").write_text(json.dumps({"model_type": type}))
            (place / "base").write_text(source)
    if version == "4":
        for name, source, changes, files, model in handmade():
            place = folder / "made" / name
            write(place, base(source) | changes, files, model)
            (place / "base").write_text(source)


def write(place, tokenizer, files, model):
    place.mkdir(parents=True, exist_ok=True)
    for name, value in (files | {"tokenizer.json": tokenizer, "config.json": model}).items():
        (place / name).write_text(json.dumps(value, ensure_ascii=False))


def encode(folder, version):
    """Records what this version makes of the folders that are its to read."""
    from transformers import AutoTokenizer
    for place in sorted((folder / "made").iterdir()):
        is_of_5 = place.name.endswith("saved by 5") or place.name == "listed extras"
        if is_of_5 != (version == "5"):
            continue
        tokenizer = AutoTokenizer.from_pretrained(place)
        special = list(dict.fromkeys(tokenizer.all_special_ids))
        first = [tokenizer.bos_token_id, tokenizer.pad_token_id, tokenizer.eos_token_id] + special
        opening = next((id for id in first if id is not None), None)
        cases = []
        for text in texts(place, tokenizer):
            ids = tokenizer(text, add_special_tokens=False).input_ids
            cases.append([text, ids, [] if opening is None or ids and ids[0] in special else [opening]])
        record = {
            "special": special, "beginning": tokenizer.bos_token_id, "end": tokenizer.eos_token_id,
            "padding": tokenizer.pad_token_id, "cases": cases,
        }
        (place / "record").write_text(json.dumps(record))


WORDS = [
    " ", "  ", "\n", "\t", " the", "the", "Hello", "Hello world", " word", "words", "word", "Caf\u00e9", "Cafe\u0301", "e\u0301", " a", "a", "b",
    "12", "?!", "\u00e9", "\u4f60\u597d", "\U0001f600", "<", ">", "|", "[PAD]", "<mask>", "<sep>", "<image>", "<unk>", "<s>", "</s>",
    "<|endoftext|>", "<|end_of_text|>", "<bos>", "<eoi>", "_", "x",
]


def texts(place, tokenizer):
    """Texts with special tokens and added tokens in them, and what those are made of."""
    r = random.Random(place.name)
    tokens = sorted({str(t) for t in tokenizer.all_special_tokens} | set(tokenizer.get_added_vocab()))
    result = {}
    while len(result) < PROMPTS:
        parts = []
        for _ in range(r.choice([1, 2, 3, 4, 6, 8])):
            kind = r.random()
            token = r.choice(tokens) if tokens else "x"
            parts.append(token if kind < 0.5 else r.choice(WORDS) if kind < 0.9 else token[: r.randint(1, len(token))])
        result["".join(parts)[:90]] = True
    return list(result)


def changes(source, tokenizer):
    """What a tokenizer.json changes in its base."""
    original = json.loads(BASES[source].read_text())
    model = {k: v for k, v in tokenizer["model"].items() if k not in ("vocab", "merges") and original["model"].get(k) != v}
    pairs = [[m.split(" ") if isinstance(m, str) else m for m in t["model"]["merges"]] for t in (original, tokenizer)]
    assert pairs[0] == pairs[1] and original["model"]["vocab"] == tokenizer["model"]["vocab"]
    result = {k: v for k, v in tokenizer.items() if k != "model" and original.get(k) != v}
    return result | ({"model": model} if model else {})


def compact(value):
    return json.dumps(value, separators=(",", ":"))


def main(v4, v5):
    with tempfile.TemporaryDirectory() as temporary:
        for step in ["save", "encode"]:
            for version, python in [("4", v4), ("5", v5)]:
                subprocess.run([python, __file__, step, temporary, version], check=True)
        folders = []
        for place in sorted((pathlib.Path(temporary) / "made").iterdir()):
            source = (place / "base").read_text()
            files = {name: compact(json.loads((place / name).read_text())) for name in FILES + ["config.json"] if (place / name).exists()}
            head = {"id": place.name, "base": source, "changes": changes(source, json.loads((place / "tokenizer.json").read_text())), "files": files}
            record = json.loads((place / "record").read_text())
            cases = ",\n".join(compact(case) for case in record.pop("cases"))
            folders.append(f'{compact(head | record)[:-1]},"cases":[\n{cases}\n]}}')
        (HERE / "folders.json").write_text("[\n" + ",\n".join(folders) + "\n]\n")


if __name__ == "__main__":
    if sys.argv[1] in ("save", "encode"):
        {"save": save, "encode": encode}[sys.argv[1]](pathlib.Path(sys.argv[2]), sys.argv[3])
    else:
        main(*sys.argv[1:])
