#!/usr/bin/env python3
"""A small TopK set, out of the ReLU set that checkpoints.py made.

    topk.py HUB

HUB/models--tiny--llama3-plt-topk: the first 24 features of tiny/llama3-plt-skip, of which config.yaml lets 16 be active at
a position. Fewer are positive, so that negative numbers are among the winners, which circuit-tracer keeps.
"""
import argparse
from safetensors.torch import load_file, save_file
from common import snapshot, write_config

ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
ap.add_argument("hub")
a = ap.parse_args()
source, folder = snapshot(a.hub, "tiny/llama3-plt-skip"), snapshot(a.hub, "tiny/llama3-plt-topk")
write_config(folder, model_name="tiny/llama3", model_kind="transcoder_set", feature_input_hook="hook_resid_mid",
             feature_output_hook="mlp.hook_out", scan="tiny/llama3-plt-topk", activation="topk", k=16)
for layer in range(4):
    t = load_file(source / f"layer_{layer}.safetensors")
    for name in ("W_enc", "W_dec", "b_enc"):
        t[name] = t[name][:24].contiguous()
    save_file(t, folder / f"layer_{layer}.safetensors")
