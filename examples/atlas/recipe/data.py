"""Documents to packed batches, and the check of an answer."""
import collections
import math
import random

import torch

import tokenizer as tok

ROW = 64  # tokens in a packed row
LEAST_WEIGHT = 0.1


def prefix_weights(documents, shares):
    """{prefix: weight of what follows it in the loss}: one over the perplexity that the corpus itself leaves there.

    Which city a sentence is about cannot be known, which capital follows can: without this, most of the gradient would
    be about the former. The weight is the same for all continuations of a prefix, so the best prediction stays the same.
    """
    following = collections.defaultdict(collections.Counter)
    for name, family in documents.items():
        for document in family:
            for end in range(1, len(document)):
                following[tuple(document[:end])][document[end]] += shares[name] / len(family)
    weights = {}
    for prefix, counts in following.items():
        total = sum(counts.values())
        entropy = -sum(c / total * math.log(c / total) for c in counts.values())
        weights[prefix] = max(LEAST_WEIGHT, math.exp(-entropy))
    return weights


class Sampler:
    """Draws documents by family share and packs them, whole, into rows of ROW tokens."""

    def __init__(self, tokenizer, families, shares, seed):
        self.rng = random.Random(seed)
        documents = {name: [e.ids + [tok.EOS_ID] for e in tokenizer.encode_batch(sentences)]
                     for name, sentences in families.items()}
        weights = prefix_weights(documents, shares)
        self.documents = {name: [(d, [weights[tuple(d[:end])] for end in range(1, len(d))] + [0.0]) for d in family]
                          for name, family in documents.items()}
        self.names, self.shares = list(shares), list(shares.values())
        self.left_over = None

    def draw(self):
        if self.left_over:
            document, self.left_over = self.left_over, None
            return document
        return self.rng.choice(self.documents[self.rng.choices(self.names, self.shares)[0]])

    def batch(self, rows):
        """ids, positions, documents and the loss weights of what follows each token: [rows, ROW].
        Padding is EOS in document -1, with weight 0."""
        ids, weights = torch.full((rows, ROW), tok.EOS_ID), torch.zeros(rows, ROW)
        positions, documents = torch.zeros(rows, ROW, dtype=torch.long), torch.full((rows, ROW), -1)
        for row in range(rows):
            start = index = 0
            while True:
                document, weight = self.draw()
                end = start + len(document)
                if end > ROW:
                    self.left_over = document, weight
                    break
                ids[row, start:end] = torch.tensor(document)
                weights[row, start:end] = torch.tensor(weight)
                positions[row, start:end] = torch.arange(len(document))
                documents[row, start:end] = index
                start, index = end, index + 1
        return ids, positions, documents, weights


@torch.no_grad()
def answered(model, tokenizer, items):
    """For each {prompt, answer}: is the greedy continuation the answer's tokens?"""
    prompts = [tokenizer.encode(i["prompt"]).ids for i in items]
    fulls = [tokenizer.encode(i["prompt"] + i["answer"]).ids for i in items]
    for item, prompt, full in zip(items, prompts, fulls):
        if full[:len(prompt)] != prompt:
            raise SystemExit(f"the answer changes the prompt's tokens: {item}")
    longest = max(map(len, fulls))
    ids = torch.tensor([f + [tok.EOS_ID] * (longest - len(f)) for f in fulls])
    predicted = model(ids).logits.argmax(-1)
    # Greedy decoding yields the answer exactly when each of its tokens is the top one after those before it.
    return [predicted[row, len(p) - 1:len(f) - 1].tolist() == f[len(p):] for row, (p, f) in enumerate(zip(prompts, fulls))]
