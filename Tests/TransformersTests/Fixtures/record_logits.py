#!/usr/bin/env python3
"""The logits that transformers computes on the small checkpoints with changed configs.

    record_logits.py HUB FILE

HUB is Tests/Fixtures/hub. Adds to FILE, {case: {...}}, the cases that are for the transformers that it runs under; run it
once under each of 4.57.3 and 5.24.0. A case says which keys of config.json it removes and sets, by what factor of the
embedding it adds a head (0 for none), its token ids, and the logits of the last position.
"""
import json, pathlib, shutil, sys, tempfile
import torch, transformers
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM

TOKENS = [2, 300, 301, 17, 302, 5, 303, 304, 44, 305, 306, 307]
# The config of meta-llama/Llama-3.1-8B-Instruct as it is on the hub, but for the sizes.
LLAMA31 = dict(
    architectures=["LlamaForCausalLM"], attention_bias=False, attention_dropout=0.0, bos_token_id=128000,
    eos_token_id=[128001, 128008, 128009], hidden_act="silu", hidden_size=48, initializer_range=0.02, intermediate_size=96,
    max_position_embeddings=131072, mlp_bias=False, model_type="llama", num_attention_heads=4, num_hidden_layers=4,
    num_key_value_heads=2, pretraining_tp=1, rms_norm_eps=1e-05, rope_scaling=dict(
        factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=8192, rope_type="llama3"),
    rope_theta=500000.0, tie_word_embeddings=False, torch_dtype="bfloat16", transformers_version="4.42.3", use_cache=True,
    vocab_size=600)
GPT2_NAMES = dict(n_embd="hidden_size", n_head="num_attention_heads", n_layer="num_hidden_layers", n_positions="max_position_embeddings")
CASES = {
    "Llama 3.1 8B's config": ("4.57.3", "tiny/llama3", "*", LLAMA31, 2),
    "swiglu_alpha and swiglu_limit": ("5.24.0", "tiny/gpt-oss", [], dict(swiglu_alpha=1.0, swiglu_limit=0.5), 0),
    "Gemma 3 does not cap scores": ("4.57.3", "tiny/gemma3", [], dict(attn_logit_softcapping=0.5), 0),
    "GPT-2 by other names": ("4.57.3", "tiny/gpt2", list(GPT2_NAMES), GPT2_NAMES, 0),
    "rope_scaling before rope_parameters": ("5.24.0", "tiny/llama3", ["rope_theta"], dict(
        rope_scaling=dict(rope_type="linear", factor=4.0, rope_theta=20000.0),
        rope_parameters=dict(rope_type="default", rope_theta=100.0)), 0),
    "rope_scaling over rope_parameters by kind": ("5.24.0", "tiny/gemma3", ["rope_theta", "rope_local_base_freq"], dict(
        rope_scaling=dict(rope_type="linear", factor=4.0), rope_parameters=dict(
            full_attention=dict(rope_type="default", rope_theta=5000.0),
            sliding_attention=dict(rope_type="default", rope_theta=100.0))), 0),
    "llama3 positions without the original context": ("5.24.0", "tiny/llama3", [], dict(rope_scaling=dict(
        rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0)), 0),
}


def logits(source, removed, changed, head):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        shutil.copytree(source, folder, dirs_exist_ok=True)
        config = json.loads((folder / "config.json").read_text())
        values = changed if changed is not GPT2_NAMES else {other: config[key] for key, other in GPT2_NAMES.items()}
        config = values if removed == "*" else {k: v for k, v in config.items() if k not in removed} | values
        (folder / "config.json").write_text(json.dumps(config))
        if head:
            t = load_file(folder / "model.safetensors")
            save_file(t | {"lm_head.weight": head * t["model.embed_tokens.weight"]}, folder / "model.safetensors", metadata={"format": "pt"})
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
        with torch.no_grad():
            return values, [round(x, 6) for x in model(torch.tensor([TOKENS])).logits[0, -1].tolist()]


hub, file = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
recorded = json.loads(file.read_text()) if file.exists() else {}
for name, (version, model, removed, changed, head) in CASES.items():
    if version == transformers.__version__:
        source = next((hub / ("models--" + model.replace("/", "--")) / "snapshots").iterdir())
        values, found = logits(source, removed, changed, head)
        recorded[name] = dict(transformers=version, model=model, removed=removed if removed != "*" else ["*"], changed=values,
                              head=head, tokens=TOKENS, logits=found)
file.write_text("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v, sort_keys=True)}" for k, v in sorted(recorded.items())) + "\n}\n")
