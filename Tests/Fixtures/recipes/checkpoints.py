#!/usr/bin/env python3
"""Small random models of every family, with transcoder sets in each dialect, laid out as a hub cache.

    checkpoints.py HUB [--org tiny] [--seed 0] [--only gemma2,gemma3,llama3,qwen3] [--dtype float32] [--width 192] [--window 8]

    ORG/llama3  ORG/llama3-plt-skip (ReLU, W_skip)   ORG/llama3-clt (ReLU)
    ORG/qwen3   ORG/qwen3-plt (JumpReLU)
    ORG/gemma2  ORG/gemma-scope-transcoders (JumpReLU, npz by hf:// URIs, always float32)   ORG/gemma2-clt (JumpReLU)
    ORG/gemma3  ORG/gemma-scope-2-transcoders (JumpReLU, affine skip)
"""
import argparse
from collections import Counter
import numpy as np
import torch
from safetensors.torch import save_file
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers import (AutoModelForCausalLM, Gemma2Config, Gemma3TextConfig, LlamaConfig,
                          PreTrainedTokenizerFast, Qwen3Config)
from common import CORPUS, snapshot, transcoder, write_config

LAYERS, ACTIVE = 4, 4
LLAMA3_SPLIT = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
                r"|\s*[\r\n]+|\s+(?!\S)|\s+")
QWEN_SPLIT = LLAMA3_SPLIT.replace(r"\p{N}{1,3}", r"\p{N}")


def byte_level_tokenizer(split, bos, eos, nfc=False):
    tok = Tokenizer(models.BPE(ignore_merges=not nfc))  # Llama 3 ships ignore_merges: true
    if nfc:
        tok.normalizer = normalizers.NFC()
    tok.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(split), behavior="isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tok.decoder = decoders.ByteLevel()
    tok.train_from_iterator(CORPUS, trainers.BpeTrainer(
        vocab_size=600, special_tokens=[eos, bos], initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    return PreTrainedTokenizerFast(
        tokenizer_object=tok, bos_token=None if nfc else bos, eos_token=eos, pad_token=bos if nfc else eos)


def gemma_tokenizer():
    special = ["<pad>", "<eos>", "<bos>", "<unk>"] + [f"<0x{b:02X}>" for b in range(256)]
    tok = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>", fuse_unk=True))
    tok.normalizer = normalizers.Replace(" ", "▁")
    tok.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    tok.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    words = [w for text in CORPUS for w in text.replace(" ", " ▁").split(" ")]
    frequent = sorted(Counter("".join(words)).items(), key=lambda item: (-item[1], item[0]))[:80]  # ties the same every time
    tok.train_from_iterator(words, trainers.BpeTrainer(
        vocab_size=600, special_tokens=special, initial_alphabet=[c for c, _ in frequent], limit_alphabet=80))
    return PreTrainedTokenizerFast(
        tokenizer_object=tok, bos_token="<bos>", eos_token="<eos>", pad_token="<pad>", unk_token="<unk>")


def tokenizer(family):
    if "gemma" in family:
        return gemma_tokenizer()
    if family == "qwen3":
        return byte_level_tokenizer(QWEN_SPLIT, "<|endoftext|>", "<|im_end|>", nfc=True)
    return byte_level_tokenizer(LLAMA3_SPLIT, "<|begin_of_text|>", "<|end_of_text|>")


def model_config(family, vocabulary, window):
    common = dict(vocab_size=vocabulary, hidden_size=48, intermediate_size=96, num_hidden_layers=LAYERS, head_dim=12,
                  num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=1024)
    gemma = common | dict(query_pre_attn_scalar=12, sliding_window=window, bos_token_id=2, eos_token_id=1, pad_token_id=0)
    tied = common | dict(tie_word_embeddings=True, bos_token_id=1, eos_token_id=0)
    if family == "gemma2":
        return Gemma2Config(**gemma, attn_implementation="eager")
    if family == "gemma3":
        return Gemma3TextConfig(**gemma, layer_types=[
            "full_attention" if i % 3 == 2 else "sliding_attention" for i in range(LAYERS)])
    if family == "llama3":
        return LlamaConfig(**tied, rms_norm_eps=1e-5, rope_theta=500000.0, rope_scaling=dict(
            rope_type="llama3", factor=32.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=64))
    return Qwen3Config(**tied, rope_theta=1000000.0)


def init_weights(model, gen):
    zero_centred = "gemma" in type(model).__name__.lower()  # Gemma's norms multiply by 1 + weight
    with torch.no_grad():
        for name, p in model.named_parameters():
            scale = (0.25 if "embed" in name else 0.9 / p.shape[-1] ** 0.5) if p.ndim >= 2 else 0.1 if "norm" in name else 0.05
            centre = 1.0 if p.ndim == 1 and "norm" in name and not zero_centred else 0.0
            p.copy_(centre + scale * torch.randn(p.shape, generator=gen))


def mlp_sites(model, ids):
    """Per layer what a transcoder may read, `[positions, d]`."""
    sites = {"hook_resid_mid": [], "mlp.hook_in": [], "ln2.hook_normalized": []}

    def record(norm, args, out):
        x = args[0].float()
        eps = getattr(norm, "eps", None) or getattr(norm, "variance_epsilon", 1e-6)
        sites["hook_resid_mid"].append(x[0])
        sites["mlp.hook_in"].append(out[0].float())
        sites["ln2.hook_normalized"].append((x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps))[0])

    for layer in model.model.layers:
        getattr(layer, "pre_feedforward_layernorm", layer.post_attention_layernorm).register_forward_hook(record)
    with torch.no_grad():
        model(ids)
    return sites


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("hub"); ap.add_argument("--org", default="tiny"); ap.add_argument("--seed", type=int, default=0)
    ap.add_argument("--only", default="gemma2,gemma3,llama3,qwen3"); ap.add_argument("--dtype", default="float32")
    ap.add_argument("--width", type=int, default=192)
    ap.add_argument("--window", type=int, default=8)
    a = ap.parse_args()
    dtype = getattr(torch, a.dtype)

    def set_config(name, family, kind, reads, writes, **more):
        write_config(snapshot(a.hub, f"{a.org}/{name}"), model_name=f"{a.org}/{family}", model_kind=kind,
                     feature_input_hook=reads, feature_output_hook=writes, scan=f"{a.org}/{name}", **more)

    for family in a.only.split(","):
        gen = torch.Generator().manual_seed(a.seed * 1000 + sum(map(ord, family)))
        tok, folder = tokenizer(family), snapshot(a.hub, f"{a.org}/{family}")
        tok.save_pretrained(folder)
        model = AutoModelForCausalLM.from_config(model_config(family, len(tok), a.window), dtype=torch.float32)
        init_weights(model, gen)
        model = model.to(dtype).float()  # calibrate on the weights as stored
        text = tok(CORPUS[0] + CORPUS[1], add_special_tokens=False).input_ids[:48]
        sites = mlp_sites(model, torch.tensor([[tok.bos_token_id or 1] + text]))
        model.to(dtype).save_pretrained(folder)

        def layer(site, l, jump, skip, dtype=dtype):
            return transcoder(sites[site][l], a.width, ACTIVE, gen, jump, skip, dtype)

        def plain_set(name, reads, jump, skip):
            for l in range(LAYERS):
                save_file(layer(reads, l, jump, skip), snapshot(a.hub, f"{a.org}/{name}") / f"layer_{l}.safetensors")
            set_config(name, family, "transcoder_set", reads, "mlp.hook_out")

        def cross_layer_set(name, jump):
            folder = snapshot(a.hub, f"{a.org}/{name}")
            for l in range(LAYERS):
                t = layer("hook_resid_mid", l, jump, False)
                encoder = {f"{part}_{l}": t[part] for part in ("W_enc", "b_enc", "b_dec")}
                if jump:
                    encoder[f"threshold_{l}"] = t["activation_function.threshold"]
                save_file(encoder, folder / f"W_enc_{l}.safetensors")
                decoder = torch.randn(a.width, LAYERS - l, 48, generator=gen) * (0.2 / 48 ** 0.5)
                save_file({f"W_dec_{l}": decoder.to(dtype)}, folder / f"W_dec_{l}.safetensors")
            set_config(name, family, "cross_layer_transcoder", "hook_resid_mid", "hook_mlp_out")

        if family == "llama3":
            plain_set("llama3-plt-skip", "hook_resid_mid", jump=False, skip=True)
            cross_layer_set("llama3-clt", jump=False)
        elif family == "qwen3":
            plain_set("qwen3-plt", "mlp.hook_in", jump=True, skip=False)
        elif family == "gemma2":
            params, uris = f"{a.org}/gemma-scope-2b-pt-transcoders", []
            for l in range(LAYERS):
                t = layer("ln2.hook_normalized", l, True, False, torch.float32)
                path = f"layer_{l}/width_16k/average_l0_{ACTIVE}/params.npz"
                (snapshot(a.hub, params) / path).parent.mkdir(parents=True, exist_ok=True)
                np.savez(snapshot(a.hub, params) / path, W_enc=t["W_enc"].T.numpy(), W_dec=t["W_dec"].numpy(),
                         b_enc=t["b_enc"].numpy(), b_dec=t["b_dec"].numpy(),
                         threshold=t["activation_function.threshold"].numpy())
                uris.append(f"hf://{params}/{path}")
            set_config("gemma-scope-transcoders", family, "transcoder_set", "ln2.hook_normalized", "hook_mlp_out", transcoders=uris)
            cross_layer_set("gemma2-clt", jump=True)
        else:
            name, uris = "gemma-scope-2-transcoders", []
            for l in range(LAYERS):
                t, path = layer("mlp.hook_in", l, True, True), f"layer_{l}/params.safetensors"
                (snapshot(a.hub, f"{a.org}/{name}") / path).parent.mkdir(exist_ok=True)
                save_file({"w_enc": t["W_enc"].T.contiguous(), "w_dec": t["W_dec"], "b_enc": t["b_enc"], "b_dec": t["b_dec"],
                           "threshold": t["activation_function.threshold"],
                           "affine_skip_connection": t["W_skip"].T.contiguous()}, snapshot(a.hub, f"{a.org}/{name}") / path)
                uris.append(f"hf://{a.org}/{name}/{path}")
            set_config(name, family, "transcoder_set", "mlp.hook_in", "hook_mlp_out", transcoders=uris)
        print("made", f"{a.org}/{family}")


if __name__ == "__main__":
    main()
