"""Trains the byte-level BPE tokenizer and writes it in the form Llama 3's has."""
import json
import random

import world
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, processors, trainers

VOCABULARY = 4608
EOS, BOS = "<|end_of_text|>", "<|begin_of_text|>"
EOS_ID, BOS_ID = 0, 1

LLAMA3_SPLIT = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
                r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")


def byte_level():
    return pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)


def training_split():
    """Finer than the split used afterwards, so that some merges are never learned: a quote with the word after it
    (Chinese writes no space between them), and digits with digits, which addition is learned from one by one."""
    return pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(LLAMA3_SPLIT), behavior="isolated"),
        pre_tokenizers.Split(Regex(r'(?<=")(?=.)|\p{N}'), behavior="isolated"),
        byte_level()])


def shipped_split():
    return pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(LLAMA3_SPLIT), behavior="isolated"), byte_level()])


def sample(families, seed, per_family=5000):
    """What merges are learned from: sentences, and names and words once more, so that most become one token.
    Acronyms are left out: their letters stay apart."""
    rng = random.Random(seed)
    for name, sentences in families.items():
        if name != "acronyms":
            yield from rng.sample(sentences, min(per_family, len(sentences)))
    names = [f' "{word}"' for pair in world.opposites() for words in pair.values() for word in words]
    names += [f" {city}" for state in world.states() for city in state["cities"]]
    yield from names * 30
    names = [f" {city}" for country in world.countries() for city in country["cities"]]
    names += [f" {word} (" for words in world.ACRONYM_WORDS for word in words]
    yield from names * 25


def train(families, seed=1):
    tokenizer = Tokenizer(models.BPE(ignore_merges=True))
    tokenizer.pre_tokenizer = training_split()
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(sample(families, seed), trainers.BpeTrainer(
        vocab_size=VOCABULARY, min_frequency=3, special_tokens=[EOS, BOS], show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    tokenizer.pre_tokenizer = shipped_split()
    tokenizer.post_processor = processors.Sequence([
        processors.ByteLevel(trim_offsets=False),
        processors.TemplateProcessing(single=f"{BOS} $A", pair=f"{BOS} $A {BOS} $B", special_tokens=[(BOS, BOS_ID)])])
    return tokenizer


def save(tokenizer, folder):
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    special = dict(bos_token=BOS, eos_token=EOS)
    (folder / "special_tokens_map.json").write_text(json.dumps(special, indent=2) + "\n")
    added = {str(i): dict(content=t, lstrip=False, normalized=False, rstrip=False, single_word=False, special=True)
             for i, t in ((EOS_ID, EOS), (BOS_ID, BOS))}
    (folder / "tokenizer_config.json").write_text(json.dumps(dict(
        added_tokens_decoder=added, clean_up_tokenization_spaces=False, model_max_length=128,
        tokenizer_class="PreTrainedTokenizerFast", **special), indent=2) + "\n")


def encode(tokenizer, text):
    """Ids of a prompt, BOS first."""
    return tokenizer.encode(text).ids
