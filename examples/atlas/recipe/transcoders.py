"""Trains the transcoders of the finished model: one per layer (PLT), or one across layers (CLT).

Both are trained with BatchTopK, whose cut is estimated on part of a batch, and written as JumpReLU with that cut as the
threshold, set again on the rounded weights.
"""
import argparse
import json
import math
import pathlib
import time

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

import corpus
import data
import model as llama
import tokenizer as tok

WIDTH = {"plt": 1536, "clt": 768}
ACTIVE = {"plt": 10, "clt": 10}
STEPS = {"plt": 1800, "clt": 1800}
ROWS, PEAK_RATE, WARMUP = 32, 2e-3, 100
DEAD_AFTER = 150  # steps without firing
REVIVED, REVIVAL_WEIGHT = 24, 1 / 32  # how many dead features try to explain what is left, and at what weight
CALIBRATION_BATCHES = 12


class Activations:
    """MLP inputs and outputs, [layer, token, d], of fresh documents. Left out: position 0, whose features are zeroed
    in attribution, and the end token, which no prompt contains."""

    def __init__(self, model, tokenizer, families, seed):
        self.model, self.sampler = model, data.Sampler(tokenizer, families, corpus.SHARES, seed)

    @torch.no_grad()
    def batch(self, rows=ROWS, fast=False):
        """fast: in bf16 arithmetic, close enough to learn from but not to measure with."""
        ids, positions, documents, _ = self.sampler.batch(rows)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=fast):
            run = self.model(ids, positions, documents, record=True)
        keep = (positions > 0) & (documents >= 0) & (ids != tok.EOS_ID)
        return tuple(torch.stack([t[keep].float() for t in site]) for site in (run.mlp_inputs, run.mlp_outputs))


class Transcoders(torch.nn.Module):
    """All layers at once. decoders[l] is [width, layers written to, d]: just the own layer for a PLT, all from the own
    layer up for a CLT. Works on inputs and outputs scaled to mean 0 and mean square 1 until `fold` is called."""

    def __init__(self, kind, layers, d, width):
        super().__init__()
        self.kind, self.layers, self.width = kind, layers, width
        reach = [1 if kind == "plt" else layers - layer for layer in range(layers)]
        encoder = F.normalize(torch.randn(layers, width, d), dim=-1)
        self.encoder = torch.nn.Parameter(encoder)
        self.encoder_bias = torch.nn.Parameter(torch.zeros(layers, width))
        self.decoders = torch.nn.ParameterList(0.1 * F.normalize(torch.randn(width, r, d), dim=-1) for r in reach)
        self.decoder_bias = torch.nn.Parameter(torch.zeros(layers, d))
        self.register_buffer("threshold", torch.zeros(layers, width))

    def preactivations(self, x):
        """[layer, token, d] -> [layer, token, width]"""
        return torch.baddbmm(self.encoder_bias[:, None], x, self.encoder.transpose(1, 2))

    def active(self, x):
        pre = self.preactivations(x)
        return pre * (pre > self.threshold[:, None])

    def active_at(self, layer, x):
        """The same for one layer: [token, d] -> [token, width]"""
        pre = F.linear(x, self.encoder[layer], self.encoder_bias[layer])
        return pre * (pre > self.threshold[layer])

    def decode(self, active, bias=True):
        """[layer, token, width] -> what is written to each layer, [layer, token, d]"""
        written = []
        for target in range(self.layers):
            sources = range(target + 1) if self.kind == "clt" else [target]
            y = sum(active[source] @ self.decoders[source][:, target - source] for source in sources)
            written.append(y + self.decoder_bias[target] if bias else y)
        return torch.stack(written)

    @torch.no_grad()
    def fold(self, x_mean, x_scale, y_mean, y_scale):
        """From scaled to true inputs and outputs: x' = (x - mean) / scale. All are [layer, 1, d] or [layer, 1, 1]."""
        self.encoder /= x_scale
        self.encoder_bias -= (self.encoder * x_mean).sum(-1)
        self.decoder_bias.mul_(y_scale[:, 0]).add_(y_mean[:, 0])
        for layer, decoder in enumerate(self.decoders):
            decoder *= y_scale[layer:layer + decoder.shape[1], 0]

    @torch.no_grad()
    def round(self):
        for p in [self.encoder, *self.decoders]:
            p.copy_(p.bfloat16().float())


def scales(batches):
    xs, ys = (torch.cat(parts, dim=1) for parts in zip(*batches))
    result = []
    for t in (xs, ys):
        mean = t.mean(1, keepdim=True)
        result += [mean, (t - mean).pow(2).mean((1, 2), keepdim=True).sqrt()]
    return result


def cut(pre, active, rows=256):
    """The pre-activation that lets `active` features a token pass, per layer, judged on some of the tokens."""
    some = pre[:, :rows].flatten(1)
    return some.topk(active * min(rows, pre.shape[1]), dim=1).values[:, -1].clamp(min=0)


@torch.no_grad()
def calibrate(transcoders, batches, active):
    """Each layer's threshold: from the value that lets `active` features a token pass, upwards, what leaves least
    unexplained. Pre-activations crowd just below the cut, so a threshold right at it would let some in by accident."""
    x, y = (torch.cat(parts, dim=1) for parts in zip(*batches))
    pre = transcoders.preactivations(x)
    least = torch.stack([p.flatten().kthvalue(p.numel() - active * len(p)).values for p in pre]).clamp(min=1e-6)
    best = torch.full((transcoders.layers,), math.inf)
    for factor in (1.0, 1.05, 1.1, 1.15, 1.2, 1.25, 1.3):
        candidate = (least * factor)[:, None].expand_as(transcoders.threshold)
        left = (y - transcoders.decode(pre * (pre > candidate[:, None]))).pow(2).mean((1, 2))
        transcoders.threshold.copy_(torch.where((left < best)[:, None], candidate, transcoders.threshold))
        best = torch.minimum(best, left)


def train(kind, model, tokenizer, families, seed, steps=None, width=None, active=None):
    steps, width, active = steps or STEPS[kind], width or WIDTH[kind], active or ACTIVE[kind]
    torch.manual_seed(seed)
    source = Activations(model, tokenizer, families, seed)
    calibration = [source.batch() for _ in range(CALIBRATION_BATCHES)]
    x_mean, x_scale, y_mean, y_scale = scales(calibration)
    transcoders = Transcoders(kind, model.config.num_hidden_layers, model.config.hidden_size, width)
    adam = torch.optim.Adam(transcoders.parameters(), lr=PEAK_RATE, betas=(0.9, 0.99), fused=True)
    silent = torch.zeros(transcoders.layers, width)
    level, started = None, time.time()
    for step in range(steps):
        x, y = source.batch(fast=True)
        x, y = (x - x_mean) / x_scale, (y - y_mean) / y_scale
        with torch.autocast("cpu", dtype=torch.bfloat16):
            pre = transcoders.preactivations(x)
            now = cut(pre.detach().float(), active)
            level = now if level is None else 0.9 * level + 0.1 * now
            kept = pre * (pre > level[:, None, None])
            left = y - transcoders.decode(kept)
            loss = left.pow(2).mean((1, 2)).sum()
            with torch.no_grad():
                silent = torch.where((kept > 0).any(1), 0, silent + 1)
            dead = silent > DEAD_AFTER
            if dead.any():
                loss = loss + REVIVAL_WEIGHT * revival(transcoders, pre, dead, left.detach())
        for group in adam.param_groups:
            group["lr"] = PEAK_RATE * min((step + 1) / WARMUP, 1.25 * (1 - step / steps), 1)
        adam.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(transcoders.parameters(), 1.0)
        adam.step()
        if (step + 1) % 250 == 0:
            unexplained = left.detach().pow(2).mean((1, 2)) / y.var(1, correction=0).mean(1)
            firing = (kept > 0).float().sum(2).mean(1)
            print(f"{kind} step {step + 1}/{steps} {time.time() - started:.0f} s  unexplained %",
                  [round(100 * u, 2) for u in unexplained.tolist()], " active", [round(a, 1) for a in firing.tolist()],
                  " dead", dead.sum(1).tolist(), flush=True)
    transcoders.fold(x_mean, x_scale, y_mean, y_scale)
    transcoders.round()
    calibrate(transcoders, calibration, active)
    return transcoders


def revival(transcoders, pre, dead, left, tokens=512):
    """Dead features try to explain what the living ones leave: this gives them a gradient again."""
    some = torch.where(dead[:, None], pre[:, :tokens], 0).relu()
    top = some.topk(REVIVED, dim=2)
    revived = torch.zeros_like(some).scatter(2, top.indices, top.values)
    return (left[:, :tokens] - transcoders.decode(revived, bias=False)).pow(2).mean((1, 2)).sum()


def save(transcoders, folder, name):
    """config.yaml and the tensors: weights in bf16, biases and thresholds in fp32."""
    folder.mkdir(parents=True, exist_ok=True)
    model_kind = {"plt": "transcoder_set", "clt": "cross_layer_transcoder"}[transcoders.kind]
    fields = dict(model_name="atlas", model_kind=model_kind, feature_input_hook="mlp.hook_in",
                  feature_output_hook="hook_mlp_out", scan=name)
    (folder / "config.yaml").write_text("".join(f"{k}: {json.dumps(v)}\n" for k, v in fields.items()))
    for layer in range(transcoders.layers):
        encoder = transcoders.encoder[layer].detach().bfloat16().contiguous()
        decoder = transcoders.decoders[layer].detach().bfloat16().contiguous()
        small = [t[layer].detach().float().clone() for t in
                 (transcoders.encoder_bias, transcoders.decoder_bias, transcoders.threshold)]
        if transcoders.kind == "plt":
            names = ("b_enc", "b_dec", "activation_function.threshold")
            save_file(dict(zip(names, small), W_enc=encoder, W_dec=decoder[:, 0].contiguous()),
                      folder / f"layer_{layer}.safetensors")
        else:
            names = (f"b_enc_{layer}", f"b_dec_{layer}", f"threshold_{layer}")
            save_file(dict(zip(names, small), **{f"W_enc_{layer}": encoder}), folder / f"W_enc_{layer}.safetensors")
            save_file({f"W_dec_{layer}": decoder}, folder / f"W_dec_{layer}.safetensors")


@torch.no_grad()
def load(kind, folder):
    """What `save` wrote, for measuring what is shipped."""
    layers = []
    while (file := folder / f"{'layer' if kind == 'plt' else 'W_enc'}_{len(layers)}.safetensors").exists():
        tensors = load_file(file)
        if kind == "clt":
            tensors |= load_file(folder / f"W_dec_{len(layers)}.safetensors")
            tensors = {k.removesuffix(f"_{len(layers)}"): v for k, v in tensors.items()}
        else:
            tensors["threshold"] = tensors.pop("activation_function.threshold")
            tensors["W_dec"] = tensors["W_dec"][:, None]
        layers.append({k: v.float() for k, v in tensors.items()})
    width, d = layers[0]["W_enc"].shape
    transcoders = Transcoders(kind, len(layers), d, width).requires_grad_(False)
    for i, tensors in enumerate(layers):
        transcoders.encoder[i], transcoders.encoder_bias[i] = tensors["W_enc"], tensors["b_enc"]
        transcoders.decoders[i].copy_(tensors["W_dec"])
        transcoders.decoder_bias[i], transcoders.threshold[i] = tensors["b_dec"], tensors["threshold"]
    return transcoders


@torch.no_grad()
def quality(transcoders, batches):
    """Per layer: unexplained share of the MLP outputs' variance, mean active features a token, share of features that
    never fire. batches: pairs of inputs and outputs, as `Activations.batch` makes them."""
    left = total = count = 0
    fired = torch.zeros(transcoders.layers, transcoders.width)
    total_sum = total_square = 0
    for x, y in batches:
        active = transcoders.active(x)
        left = left + (y - transcoders.decode(active)).double().pow(2).sum((1, 2))
        total_sum, total_square = total_sum + y.double().sum(1), total_square + y.double().pow(2).sum((1, 2))
        total += y.shape[1]
        fired += (active > 0).sum(1)
        count = count + (active > 0).sum((1, 2))
    variance = total_square - total_sum.pow(2).sum(1) / total
    return dict(unexplained=(left / variance).tolist(), active=(count / total).tolist(),
                dead=(fired == 0).float().mean(1).tolist(), tokens=total)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=WIDTH)
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--width", type=int)
    parser.add_argument("--active", type=int)
    a = parser.parse_args()
    torch.set_num_threads(1)
    families, _ = corpus.build(a.seed)
    tokenizer = Tokenizer.from_file(str(a.model / "tokenizer.json"))
    model = llama.load(a.model)
    transcoders = train(a.kind, model, tokenizer, families, a.seed, a.steps, a.width, a.active)
    save(transcoders, a.out, f"atlas/{a.kind}")
    check = Activations(model, tokenizer, families, a.seed + 1000)
    print(json.dumps(quality(load(a.kind, a.out), (check.batch() for _ in range(40)))))


if __name__ == "__main__":
    main()
