#!/usr/bin/env python3
"""A Gemma 3 with a vision tower, spelled as google/gemma-3-4b-it is on the hub, and the logits transformers computes for text.

    multimodal.py HUB OUT

Its text weights are those of HUB's tiny-bf16/gemma3 (see checkpoints.py), named language_model.model.*; its config.json keeps
them under text_config, leaves out what equals the defaults, gives sliding layers by sliding_window_pattern, and scales the
rotary positions of global layers linearly. There is no tokenizer. OUT/tiny--gemma3-multimodal/prompt0/ gets case.json
(input_tokens) and tensors.npz: logits [pos, vocab], and rope_scaling=null.logits, the same without the scaling.
"""
import argparse, json, pathlib
import torch
from safetensors.torch import load_file, save_file
from transformers import Gemma3Config, Gemma3ForConditionalGeneration
from common import save_golden, snapshot

CONFIG = dict(
    architectures=["Gemma3ForConditionalGeneration"], boi_token_index=255999, eoi_token_index=256000, eos_token_id=[1, 106],
    image_token_index=262144, initializer_range=0.02, mm_tokens_per_image=1, model_type="gemma3",
    text_config=dict(
        head_dim=12, hidden_size=48, intermediate_size=96, model_type="gemma3_text", num_attention_heads=4, num_hidden_layers=4,
        num_key_value_heads=2, query_pre_attn_scalar=12, rope_scaling=dict(factor=8.0, rope_type="linear"), sliding_window=3,
        sliding_window_pattern=3, vocab_size=600),
    torch_dtype="bfloat16", transformers_version="4.50.0.dev0",
    vision_config=dict(
        hidden_size=8, image_size=28, intermediate_size=8, model_type="siglip_vision_model", num_attention_heads=1,
        num_hidden_layers=1, patch_size=14, vision_use_head=False))
TOKENS = [2, *range(300, 320)]


def logits(folder, **text):
    config = Gemma3Config.from_dict(CONFIG | dict(text_config=CONFIG["text_config"] | text))
    model, info = Gemma3ForConditionalGeneration.from_pretrained(
        folder, config=config, dtype=torch.float32, attn_implementation="eager", output_loading_info=True)
    assert not info["unexpected_keys"] and set(info["missing_keys"]) <= {"lm_head.weight"}  # tied to the embedding
    ids = torch.tensor([TOKENS])
    with torch.no_grad():
        return model.eval()(ids, token_type_ids=torch.zeros_like(ids)).logits[0]


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("hub"); ap.add_argument("out")
    a = ap.parse_args()
    torch.manual_seed(0)
    folder = snapshot(a.hub, "tiny/gemma3-multimodal")
    vision = Gemma3ForConditionalGeneration(Gemma3Config.from_dict(CONFIG)).state_dict()
    weights = {name.removeprefix("model."): tensor.to(torch.bfloat16) for name, tensor in vision.items()
               if name.startswith(("model.vision_tower", "model.multi_modal_projector"))}
    text = load_file(snapshot(a.hub, "tiny-bf16/gemma3") / "model.safetensors")
    save_file(weights | {f"language_model.{name}": tensor for name, tensor in text.items()}, folder / "model.safetensors",
              metadata=dict(format="pt"))
    (folder / "config.json").write_text(json.dumps(CONFIG, indent=2))

    out = pathlib.Path(a.out) / "tiny--gemma3-multimodal" / "prompt0"
    out.mkdir(parents=True, exist_ok=True)
    tensors = {"logits": logits(folder), "rope_scaling=null.logits": logits(folder, rope_scaling=None)}
    save_golden(tensors, out)
    (out / "case.json").write_text(json.dumps(dict(model="tiny/gemma3-multimodal", input_tokens=TOKENS), indent=1))


if __name__ == "__main__":
    main()
