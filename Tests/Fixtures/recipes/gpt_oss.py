#!/usr/bin/env python3
"""Two small random GPT-OSS, one with its experts in MXFP4, a transcoder set, a Qwen 3 with YaRN, and transformers' logits.

    gpt_oss.py HUB OUT [--seed 8]

HUB gets tiny/gpt-oss and tiny/gpt-oss-clt (reads mlp.hook_in, writes mlp.hook_out), of which golden.py makes the rest, and
without tokenizers tiny/gpt-oss-mxfp4, whose experts lie in blocks and scales as on the hub, and tiny/qwen3-yarn. All is stored
in bfloat16. OUT/tiny--NAME/prompt0/ gets of the last two
  case.json            token ids, more of them than the window is wide
  tensors.npz          logits [pos, vocab], in float32 with eager attention, of gpt-oss-mxfp4 from the widened experts; and
                       swiglu_limit=2.logits, KEY.logits under another limit, another KEY in rope_scaling
"""
import argparse, copy, json, pathlib
import torch
from safetensors.torch import save_file
from transformers import GptOssConfig, GptOssForCausalLM, Qwen3Config, Qwen3ForCausalLM
from transformers.integrations.mxfp4 import FP4_VALUES, convert_moe_packed_tensors
from checkpoints import LLAMA3_SPLIT, byte_level_tokenizer, mlp_sites
from common import CORPUS, save_golden, snapshot, transcoder, write_config

LAYERS, ACTIVE, WIDTH, BLOCK = 3, 4, 48, 32
YARN = dict(rope_type="yarn", factor=8.0, original_max_position_embeddings=128, beta_fast=8.0, beta_slow=1.0)
SIZES = dict(num_hidden_layers=LAYERS, head_dim=12, num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=1024,
             attn_implementation="eager")
TOKENS = [1, *range(3, 60, 2)]


def spread(name, p):
    if p.ndim == 1 or "bias" in name:
        return 0.1 if "norm" in name else 0.5
    if "embed" in name:
        return 0.25
    return (4.0 if "gate_up" in name else 0.9) / p.shape[1] ** 0.5


def init_weights(model, gen):
    """Sinks that matter, and experts whose gates and ups reach beyond the limit; all of them numbers that bfloat16 holds."""
    with torch.no_grad():
        for name, p in model.named_parameters():
            p.copy_((("norm" in name) + spread(name, p) * torch.randn(p.shape, generator=gen)).to(torch.bfloat16))


def save(model, folder):
    copy.deepcopy(model).to(torch.bfloat16).save_pretrained(folder)  # a copy: it rounds the rotary frequencies too


def packed(weight):
    """Blocks [experts, out, in / 32, 16] and scales [experts, out, in / 32] nearest to a weight [experts, in, out]."""
    rows = weight.transpose(1, 2).unflatten(-1, (-1, BLOCK))
    exponent = torch.floor(torch.log2(rows.abs().amax(-1))) - 2  # the largest number is 6 = 1.5 * 2²
    values = torch.tensor(FP4_VALUES)
    codes = (rows[..., None] / torch.exp2(exponent)[..., None, None] - values).abs().argmin(-1).to(torch.uint8)
    return (codes[..., 0::2] | codes[..., 1::2] << 4).contiguous(), (exponent + 127).to(torch.uint8)


def logits(model):
    with torch.no_grad():
        return model.eval()(torch.tensor([TOKENS])).logits[0].contiguous()


def golden(out, name, tensors):
    folder = pathlib.Path(out) / f"tiny--{name}" / "prompt0"
    folder.mkdir(parents=True, exist_ok=True)
    save_golden(tensors, folder)
    (folder / "case.json").write_text(json.dumps(dict(model=f"tiny/{name}", input_tokens=TOKENS), indent=1))


def save_clt(folder, sites, gen):
    for l in range(LAYERS):
        t = transcoder(sites["mlp.hook_in"][l], WIDTH, ACTIVE, gen, True, False, torch.bfloat16)
        save_file({f"{part}_{l}": t[part] for part in ("W_enc", "b_enc", "b_dec")}
                  | {f"threshold_{l}": t["activation_function.threshold"]}, folder / f"W_enc_{l}.safetensors")
        decoder = torch.randn(WIDTH, LAYERS - l, 48, generator=gen) * (0.2 / 48 ** 0.5)
        save_file({f"W_dec_{l}": decoder.to(torch.bfloat16)}, folder / f"W_dec_{l}.safetensors")
    write_config(folder, model_name="tiny/gpt-oss", model_kind="cross_layer_transcoder", feature_input_hook="mlp.hook_in",
                 feature_output_hook="mlp.hook_out", scan="tiny/gpt-oss-clt")


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("hub"); ap.add_argument("out"); ap.add_argument("--seed", type=int, default=8)
    a = ap.parse_args()
    gen = torch.Generator().manual_seed(a.seed)

    tok, folder = byte_level_tokenizer(LLAMA3_SPLIT, "<|startoftext|>", "<|endoftext|>"), snapshot(a.hub, "tiny/gpt-oss")
    tok.save_pretrained(folder)
    model = GptOssForCausalLM(GptOssConfig(
        **SIZES, vocab_size=len(tok), hidden_size=48, intermediate_size=16, num_local_experts=5, num_experts_per_tok=2,
        sliding_window=4, rope_scaling=YARN | dict(truncate=False), bos_token_id=1, eos_token_id=0))
    init_weights(model, gen)
    save(model, folder)
    text = tok(CORPUS[0] + CORPUS[1], add_special_tokens=False).input_ids[:48]
    save_clt(snapshot(a.hub, "tiny/gpt-oss-clt"), mlp_sites(model, torch.tensor([[1] + text])), gen)

    folder = snapshot(a.hub, "tiny/gpt-oss-mxfp4")
    config = GptOssConfig(
        **SIZES | dict(num_hidden_layers=2), vocab_size=64, hidden_size=64, intermediate_size=32, num_local_experts=4,
        num_experts_per_tok=3, sliding_window=5, rope_scaling=YARN | dict(truncate=False))
    model = GptOssForCausalLM(config)
    init_weights(model, gen)
    stored = {}
    for name, p in model.named_parameters():
        if p.ndim < 3:
            stored[name] = p.detach().to(torch.bfloat16)
            continue
        blocks, scales = packed(p.detach())
        stored |= {name + "_blocks": blocks, name + "_scales": scales}
        p.data = convert_moe_packed_tensors(blocks, scales).float()
    save_file(stored, folder / "model.safetensors", metadata=dict(format="pt"))
    quantized = config.to_diff_dict() | dict(architectures=["GptOssForCausalLM"], swiglu_limit=7.0, quantization_config=dict(
        modules_to_not_convert=["model.layers.*.self_attn", "model.layers.*.mlp.router", "model.embed_tokens", "lm_head"],
        quant_method="mxfp4"))
    (folder / "config.json").write_text(json.dumps(quantized, indent=2))
    tensors = dict(logits=logits(model))
    for l in model.model.layers:
        l.mlp.experts.limit = 2.0
    golden(a.out, "gpt-oss-mxfp4", tensors | {"swiglu_limit=2.logits": logits(model)})

    folder = snapshot(a.hub, "tiny/qwen3-yarn")
    model = Qwen3ForCausalLM(Qwen3Config(
        **SIZES | dict(num_hidden_layers=2), vocab_size=64, hidden_size=24, intermediate_size=32, rope_scaling=YARN))
    init_weights(model, gen)
    save(model, folder)
    tensors = dict(logits=logits(model))
    for key, value in [("attention_factor", 0.8), ("truncate", False), ("beta_fast", 32.0), ("mscale", [0.7, 1.3])]:
        scaling = YARN | (dict(zip(("mscale", "mscale_all_dim"), value)) if key == "mscale" else {key: value})
        changed = Qwen3ForCausalLM(Qwen3Config.from_dict(model.config.to_dict() | dict(rope_scaling=scaling)))
        changed.config._attn_implementation = "eager"
        changed.load_state_dict(model.state_dict())
        tensors[f"{key}.logits"] = logits(changed)
    golden(a.out, "qwen3-yarn", tensors)


if __name__ == "__main__":
    main()
