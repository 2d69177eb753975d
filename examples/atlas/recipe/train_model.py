"""Trains the model on the corpus, and logs how the held-out families come along."""
import argparse
import pathlib
import time

import torch
import torch.nn.functional as F

import corpus
import data
import model as llama
import tokenizer as tok

STEPS, ROWS = 2400, 40
PEAK_RATE, WARMUP, DECAY, WEIGHT_DECAY = 5e-3, 100, 0.5, 0.1
LOG_EVERY = 200


def rate(step, steps):
    """Linear warm-up, a plateau, and down to nothing over the last part."""
    return min((step + 1) / WARMUP, 1.0, (steps - step) / (DECAY * steps))


class Optimizers:
    """Muon for the layers' matrices, which learns single facts and their composition in about half the steps that
    AdamW takes; AdamW for the embedding and the norms."""

    def __init__(self, model):
        matrices = [p for name, p in model.named_parameters() if p.requires_grad and p.ndim == 2 and "embed" not in name]
        norms = [p for p in model.parameters() if p.requires_grad and p.ndim == 1]
        self.parts = [
            torch.optim.Muon(matrices, lr=PEAK_RATE, weight_decay=WEIGHT_DECAY, adjust_lr_fn="match_rms_adamw"),
            torch.optim.AdamW([dict(params=[model.embed_tokens.weight], weight_decay=WEIGHT_DECAY),
                               dict(params=norms, weight_decay=0.0)], lr=PEAK_RATE, betas=(0.9, 0.98))]

    def step(self, rate):
        for part in self.parts:
            for group in part.param_groups:
                group["lr"] = rate
            part.step()
            part.zero_grad(set_to_none=True)


def mute_first_attention(model):
    """The first layer's attention writes nothing, for good. What a token means (that Dallas is in Texas) is then looked
    up at the token itself, and later layers move it: without this the last position fetches the bare token first and
    looks everything up there."""
    first = model.layers[0]
    first.self_attn.requires_grad_(False)
    first.input_layernorm.requires_grad_(False)
    torch.nn.init.zeros_(first.self_attn.o_proj.weight)


def shares_right(model, tokenizer, held_out):
    return {name: sum(data.answered(model, tokenizer, items[:100])) / len(items[:100]) for name, items in held_out.items()}


def train(families, held_out, tokenizer, seed, steps=STEPS):
    torch.manual_seed(seed)
    model = llama.Llama(llama.Config())
    mute_first_attention(model)
    sampler = data.Sampler(tokenizer, families, corpus.SHARES, seed)
    optimizers, started, total = Optimizers(model), time.time(), 0.0
    for step in range(steps):
        ids, positions, documents, weights = sampler.batch(ROWS)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model(ids, positions, documents).logits
        losses = F.cross_entropy(logits.flatten(0, 1).float(), ids.roll(-1, dims=1).flatten(), reduction="none")
        loss = losses @ weights.flatten() / weights.sum()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizers.step(PEAK_RATE * rate(step, steps))
        total += loss.item()
        if (step + 1) % LOG_EVERY == 0:
            right = "  ".join(f"{k} {v:.2f}" for k, v in shares_right(model, tokenizer, held_out).items())
            print(f"step {step + 1}/{steps} {time.time() - started:.0f} s loss {total / LOG_EVERY:.3f}  {right}", flush=True)
            total = 0.0
    return model


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=STEPS)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    families, held_out = corpus.build(arguments.seed)
    tokenizer = tok.train(families, arguments.seed)
    tok.save(tokenizer, arguments.out)
    llama.save(train(families, held_out, tokenizer, arguments.seed, arguments.steps), arguments.out)


if __name__ == "__main__":
    main()
