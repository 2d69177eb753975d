#!/usr/bin/env python3
"""A small random GPT-2 with a ReLU transcoder set, and what transformers and autograd compute on them in float32.

    gpt2.py HUB OUT [--seed 7]

HUB gets tiny/gpt2 and tiny/gpt2-plt (reads mlp.hook_in, writes hook_mlp_out; no skip). OUT/tiny--gpt2/promptN/ gets
  case.json            prompt, token ids and texts, settings, interventions
  tensors.npz          logits [pos, vocab]; resid_mid, mlp_out [layer, pos, d]; active_features [n, 3] (layer, pos, feature);
                       activation_values [n]; iK.logits, iK.active_features, iK.activation_values after intervention K;
                       of the first prompt also adjacency [nodes, nodes] (row = target; features, errors layer-major, tokens,
                       logits), logit_token_ids, logit_probabilities, and NAME=VALUE.logits [pos, vocab]: the same weights
                       under one changed field of config.json
The adjacency is by autograd on the model with attention patterns, norm denominators and MLP outputs held constant: rows
are gradients of a feature's pre-activation (or a logit less the mean logit), times each source's vector. A token's vector
is its embedding plus its position's, as they enter the residual stream.
"""
import argparse, json, pathlib
import torch
from safetensors.torch import save_file
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast
from transformers.models.gpt2 import modeling_gpt2
from common import CORPUS, save_golden, snapshot, transcoder, write_config

LAYERS, WIDTH, ACTIVE, END = 4, 192, 4, "<|endoftext|>"
PROMPTS = ["The capital of the state", "l'été 大 36+59=  We'll\n\n x",
           "def add(x, y):\n\treturn x + y  # don't copy the terms of the General Public License, it's 1234567"]
VARIANTS = [("activation_function", "gelu"), ("scale_attn_by_inverse_layer_idx", True), ("scale_attn_weights", False)]
EAGER = modeling_gpt2.eager_attention_forward


def byte_level_tokenizer():
    tok = Tokenizer(models.BPE())
    tok.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tok.post_processor = processors.ByteLevel(trim_offsets=False)
    tok.decoder = decoders.ByteLevel()
    tok.train_from_iterator(CORPUS, trainers.BpeTrainer(vocab_size=599, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    tok.add_special_tokens([AddedToken(END, special=True, normalized=True)])  # the last id, as GPT-2 has it
    return PreTrainedTokenizerFast(tokenizer_object=tok, bos_token=END, eos_token=END, unk_token=END, model_max_length=256)


def init_weights(model, gen):
    with torch.no_grad():
        for name, p in model.named_parameters():
            if p.ndim == 2:
                p.copy_(torch.randn(p.shape, generator=gen) * (0.25 if "wte" in name or "wpe" in name else 0.9 / p.shape[0] ** 0.5))
            else:
                p.copy_(("ln_" in name and "weight" in name) + 0.1 * torch.randn(p.shape, generator=gen))


def run(model, ids, patterns=None, edit=None):
    """Logits `[pos, vocab]` and, per layer, what was seen on the way. PATTERNS replaces the attention patterns, EDIT(layer,
    what the MLP reads) is added to an MLP's output."""
    seen = {name: [] for name in ("pattern", "resid_mid", "mlp_in", "mlp_out", "norms")}

    def attention(module, query, key, value, *more, **options):
        out, pattern = EAGER(module, query, key, value, *more, **options)
        if patterns:
            pattern = patterns[module.layer_idx]
            out = (pattern @ value).transpose(1, 2)
        seen["pattern"].append(pattern.detach())
        return out, pattern

    def norm(module, args, out):
        x = args[0].detach()
        seen["norms"].append((x.var(-1, keepdim=True, unbiased=False) + module.eps).sqrt())

    def mlp(layer):
        def hook(module, args, out):
            out = out if edit is None else out + edit(layer, args[0][0])
            seen["mlp_in"].append(args[0][0])
            seen["mlp_out"].append(out[0])
            return out
        return hook

    blocks = model.transformer.h
    hooks = [block.mlp.register_forward_hook(mlp(l)) for l, block in enumerate(blocks)]
    hooks += [block.ln_2.register_forward_hook(lambda m, args, out: seen["resid_mid"].append(args[0][0])) for block in blocks]
    hooks += [n.register_forward_hook(norm) for b in blocks for n in (b.ln_1, b.ln_2)]
    hooks += [model.transformer.ln_f.register_forward_hook(norm)]
    modeling_gpt2.eager_attention_forward = attention
    with torch.no_grad():
        logits = model(torch.tensor([ids])).logits[0]
    modeling_gpt2.eager_attention_forward = EAGER
    for h in hooks:
        h.remove()
    return logits, seen


def encode(plt, layer, x):
    """Activations of one layer `[pos, width]`; the first position is left out of everything."""
    a = torch.relu(x @ plt[layer]["W_enc"].T + plt[layer]["b_enc"])
    a[0] = 0
    return a


def readings(plt, seen):
    a = torch.stack([encode(plt, l, x) for l, x in enumerate(seen["mlp_in"])])
    return dict(active_features=a.nonzero(), activation_values=a[tuple(a.nonzero().T)])


class FrozenNorm(torch.nn.Module):
    def __init__(self, norm, denominator):
        super().__init__()
        self.norm, self.denominator = norm, denominator

    def forward(self, x):
        return (x - x.mean(-1, keepdim=True)) / self.denominator * self.norm.weight + self.norm.bias


class Constant(torch.nn.Module):
    def __init__(self, value):
        super().__init__()
        self.value, self.input = value, None

    def forward(self, x):
        self.input = x
        return self.value


def frozen_run(model, seen, embeddings, mlp_out):
    """What every MLP reads `[layer][pos, d]`, and the logits, of the model that is linear in its embeddings and MLP outputs."""
    patterns, norms = seen["pattern"], iter(seen["norms"])
    frozen = GPT2LMHeadModel(model.config).eval()
    frozen.load_state_dict(model.state_dict())
    frozen.requires_grad_(False)
    for block, out in zip(frozen.transformer.h, mlp_out):
        block.ln_1, block.ln_2 = FrozenNorm(block.ln_1, next(norms)), FrozenNorm(block.ln_2, next(norms))
        block.mlp = Constant(out)
    frozen.transformer.ln_f = FrozenNorm(frozen.transformer.ln_f, next(norms))
    frozen.transformer.wpe.weight.zero_()  # the embeddings given hold the positions' already
    modeling_gpt2.eager_attention_forward = lambda m, q, k, v, *more, **options: (
        (patterns[m.layer_idx] @ v).transpose(1, 2), patterns[m.layer_idx])
    logits = frozen(inputs_embeds=embeddings[None]).logits[0]
    modeling_gpt2.eager_attention_forward = EAGER
    return [block.mlp.input[0] for block in frozen.transformer.h], logits


def graph(model, plt, ids, logits, seen):
    features = readings(plt, seen)
    sites, values = features["active_features"], features["activation_values"]
    dense = torch.stack([encode(plt, l, x) for l, x in enumerate(seen["mlp_in"])])
    decoded = torch.stack([a @ plt[l]["W_dec"] for l, a in enumerate(dense)])
    errors = torch.stack(seen["mlp_out"]) - decoded - torch.stack([t["b_dec"] for t in plt])[:, None]
    errors[:, 0] = 0
    tokens = (model.transformer.wte.weight[ids] + model.transformer.wpe.weight[:len(ids)]).detach()
    vectors = torch.stack([plt[l]["W_dec"][f] for l, _, f in sites.tolist()]) * values[:, None]

    probabilities = logits[-1].softmax(-1).sort(descending=True)
    count = min(10, int((probabilities.values.cumsum(-1) < 0.95).sum()) + 1)
    ids_out = probabilities.indices[:count]

    inputs = [tokens.clone().requires_grad_()] + [out.clone().requires_grad_() for out in seen["mlp_out"]]
    reads, frozen_logits = frozen_run(model, seen, inputs[0], inputs[1:])
    assert torch.allclose(frozen_logits, logits, atol=1e-5) and torch.allclose(reads[-1], seen["mlp_in"][-1], atol=1e-5)

    def targets(reads, logits):
        yield from (reads[l][p] @ plt[l]["W_enc"][f] for l, p, f in sites.tolist())
        yield from (logits[-1, i] - logits[-1].mean() for i in ids_out)

    size = len(sites) + errors[..., 0].numel() + len(ids) + count
    adjacency = torch.zeros(size, size)
    rows = [*range(len(sites)), *range(size - count, size)]
    for row, target in zip(rows, targets(reads, frozen_logits)):
        g = torch.autograd.grad(target, inputs, retain_graph=True, allow_unused=True)
        g = [torch.zeros_like(x) if y is None else y for x, y in zip(inputs, g)]
        at_outputs = torch.stack(g[1:])
        adjacency[row, :size - count] = torch.cat([
            (at_outputs[sites[:, 0], sites[:, 1]] * vectors).sum(-1), (at_outputs * errors).sum(-1).flatten(), (g[0] * tokens).sum(-1)])

    # Completeness: a row is what its target loses when every source is taken away, and only biases are left.
    remainder = [out - d - e for out, d, e in zip(seen["mlp_out"], decoded, errors)]
    empty = frozen_run(model, seen, torch.zeros_like(tokens), remainder)
    for row, full, rest in zip(rows, targets(reads, frozen_logits), targets(*empty)):
        assert abs(adjacency[row].sum() - (full - rest)) < 1e-4
    return dict(adjacency=adjacency, logit_token_ids=ids_out, logit_probabilities=probabilities.values[:count])


def interventions(features, positions):
    """Double the strongest feature of the first layer; negate that of a middle layer; steer at the last position."""
    strongest = {l: max((v, site) for site, v in zip(features["active_features"].tolist(), features["activation_values"].tolist())
                        if site[0] == l) for l in (0, LAYERS // 2)}
    (a, first), (b, middle) = strongest[0], strongest[LAYERS // 2]
    return [dict(features=[[*first, 2 * a]], freeze_attention=False, constrained=None),
            dict(features=[[*first, 0.0], [*middle, -3 * b]], freeze_attention=True, constrained=None),
            dict(features=[[middle[0], positions - 1, middle[2], 5 * b]], freeze_attention=True, constrained=None)]


def intervened(model, plt, ids, seen, case):
    def edit(layer, x):
        out = torch.zeros(len(ids), x.shape[-1])
        for l, p, f, value in case["features"]:
            if l == layer:
                out[p] += (value - encode(plt, l, x)[p, f]) * plt[l]["W_dec"][f]
        return out
    return run(model, ids, seen["pattern"] if case["freeze_attention"] else None, edit)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("hub"); ap.add_argument("out"); ap.add_argument("--seed", type=int, default=7)
    a = ap.parse_args()
    gen = torch.Generator().manual_seed(a.seed)
    tok, folder = byte_level_tokenizer(), snapshot(a.hub, "tiny/gpt2")
    tok.save_pretrained(folder)
    end = tok.bos_token_id
    model = GPT2LMHeadModel(GPT2Config(
        vocab_size=len(tok), n_positions=256, n_embd=48, n_layer=LAYERS, n_head=4, bos_token_id=end, eos_token_id=end,
        attn_implementation="eager")).eval()
    init_weights(model, gen)
    model.save_pretrained(folder)

    _, seen = run(model, [end] + tok(CORPUS[0] + CORPUS[1]).input_ids[:48])
    plt, folder = [transcoder(x, WIDTH, ACTIVE, gen, False, False) for x in seen["mlp_in"]], snapshot(a.hub, "tiny/gpt2-plt")
    for l, tensors in enumerate(plt):
        save_file(tensors, folder / f"layer_{l}.safetensors")
    write_config(folder, model_name="tiny/gpt2", model_kind="transcoder_set", feature_input_hook="mlp.hook_in",
                 feature_output_hook="hook_mlp_out", scan="tiny/gpt2-plt")

    for k, prompt in enumerate(PROMPTS):
        ids = [end] + tok(prompt).input_ids
        logits, seen = run(model, ids)
        features = readings(plt, seen)
        t = dict(logits=logits, resid_mid=torch.stack(seen["resid_mid"]), mlp_out=torch.stack(seen["mlp_out"])) | features
        cases = interventions(features, len(ids))
        for i, case in enumerate(cases):
            after, changed = intervened(model, plt, ids, seen, case)
            t |= {f"i{i}.logits": after} | {f"i{i}.{name}": value for name, value in readings(plt, changed).items()}
        if k == 0:
            t |= graph(model, plt, ids, logits, seen)
            for field, value in VARIANTS:
                changed = GPT2LMHeadModel(GPT2Config.from_dict(model.config.to_dict() | {field: value})).eval()
                changed.config._attn_implementation = "eager"
                changed.load_state_dict(model.state_dict())
                t[f"{field}={json.dumps(value).strip(chr(34))}.logits"] = run(changed, ids)[0]
        folder = pathlib.Path(a.out) / "tiny--gpt2" / f"prompt{k}"
        folder.mkdir(parents=True, exist_ok=True)
        save_golden(t, folder)
        (folder / "case.json").write_text(json.dumps(dict(
            model="tiny/gpt2", transcoder_set="tiny/gpt2-plt", prompt=prompt, input_tokens=ids,
            token_strings=[tok.decode(x) for x in ids], input_string=tok.decode(ids),
            settings=dict(max_n_logits=10, desired_logit_prob=0.95), interventions=cases), indent=1, ensure_ascii=False))
        print("prompt", k, len(ids), "tokens", len(t["active_features"]), "features")


if __name__ == "__main__":
    main()
