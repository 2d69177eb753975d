"""A Llama in plain PyTorch, with what the recipe needs: packed documents, MLP inputs and outputs, Hugging Face files."""
import json
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import nn

import tokenizer as tok


@dataclass(frozen=True)
class Config:
    vocab_size: int = tok.VOCABULARY
    hidden_size: int = 128
    intermediate_size: int = 512
    num_hidden_layers: int = 6
    num_attention_heads: int = 4
    num_key_value_heads: int = 2
    head_dim: int = 32
    max_position_embeddings: int = 128
    rms_norm_eps: float = 1e-5
    rope_theta: float = 10000.0


class RMSNorm(nn.Module):
    def __init__(self, d, eps):
        super().__init__()
        self.weight, self.eps = nn.Parameter(torch.ones(d)), eps

    def forward(self, x):
        return F.rms_norm(x, self.weight.shape, self.weight, self.eps)


def rope_tables(config):
    """cos and sin, [max position, head_dim], in the half-and-half layout of Hugging Face's Llama."""
    half = torch.arange(0, config.head_dim, 2).float() / config.head_dim
    angle = torch.arange(config.max_position_embeddings).float()[:, None] / config.rope_theta ** half
    angle = torch.cat([angle, angle], dim=-1)
    return angle.cos(), angle.sin()


def rotate(x, cos, sin):
    first, second = x.chunk(2, dim=-1)
    return x * cos + torch.cat([-second, first], dim=-1) * sin


class Attention(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = c
        self.q_proj = nn.Linear(c.hidden_size, c.num_attention_heads * c.head_dim, bias=False)
        self.k_proj = nn.Linear(c.hidden_size, c.num_key_value_heads * c.head_dim, bias=False)
        self.v_proj = nn.Linear(c.hidden_size, c.num_key_value_heads * c.head_dim, bias=False)
        self.o_proj = nn.Linear(c.num_attention_heads * c.head_dim, c.hidden_size, bias=False)

    def forward(self, x, rope, mask, pattern=None):
        """mask: [batch, 1, q, k], true where q may look. pattern: frozen weights to use instead of computing them.
        Returns the output and the pattern, [batch, heads, q, k]."""
        b, n, _ = x.shape
        heads, kv, dh = self.c.num_attention_heads, self.c.num_key_value_heads, self.c.head_dim
        v = self.v_proj(x).view(b, n, kv, dh).transpose(1, 2).repeat_interleave(heads // kv, dim=1)
        if pattern is None:
            q = rotate(self.q_proj(x).view(b, n, heads, dh).transpose(1, 2), *rope)
            k = rotate(self.k_proj(x).view(b, n, kv, dh).transpose(1, 2), *rope).repeat_interleave(heads // kv, dim=1)
            scores = (q @ k.transpose(-1, -2)) * dh ** -0.5
            pattern = scores.masked_fill(~mask, -1e9).softmax(dim=-1)
        return self.o_proj((pattern @ v).transpose(1, 2).reshape(b, n, heads * dh)), pattern


class MLP(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.gate_proj = nn.Linear(c.hidden_size, c.intermediate_size, bias=False)
        self.up_proj = nn.Linear(c.hidden_size, c.intermediate_size, bias=False)
        self.down_proj = nn.Linear(c.intermediate_size, c.hidden_size, bias=False)

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.input_layernorm = RMSNorm(c.hidden_size, c.rms_norm_eps)
        self.self_attn = Attention(c)
        self.post_attention_layernorm = RMSNorm(c.hidden_size, c.rms_norm_eps)
        self.mlp = MLP(c)


@dataclass
class Run:
    """What a forward pass saw: logits [b, n, vocab], and per layer the pattern, the MLP's input and its output."""
    logits: torch.Tensor
    patterns: list
    mlp_inputs: list
    mlp_outputs: list


class Llama(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.num_hidden_layers))
        self.norm = RMSNorm(config.hidden_size, config.rms_norm_eps)
        cos, sin = rope_tables(config)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)
        for name, p in self.named_parameters():
            if p.ndim == 2:
                deep = name.endswith(("o_proj.weight", "down_proj.weight"))
                nn.init.normal_(p, std=0.02 if "embed" in name else (1 if not deep else 0.3) * p.shape[1] ** -0.5)

    def forward(self, ids, positions=None, documents=None, patterns=None, edit_mlp=None, record=False):
        """positions and documents ([b, n]) describe packed rows: a token sees earlier tokens of its own document.
        patterns: per layer, frozen attention. edit_mlp(layer, mlp_input, mlp_output) -> the output to use."""
        b, n = ids.shape
        mask = torch.ones(n, n, dtype=torch.bool).tril()
        if positions is None:
            positions = torch.arange(n).expand(b, n)
            mask = mask[None, None]
        else:
            mask = (mask & (documents[:, :, None] == documents[:, None, :]))[:, None]
        rope = self.cos[positions][:, None], self.sin[positions][:, None]
        x = self.embed_tokens(ids)
        run = Run(None, [], [], [])
        for i, layer in enumerate(self.layers):
            attended, pattern = layer.self_attn(layer.input_layernorm(x), rope, mask, patterns and patterns[i])
            x = x + attended
            mlp_input = layer.post_attention_layernorm(x)
            mlp_output = layer.mlp(mlp_input)
            if edit_mlp:
                mlp_output = edit_mlp(i, mlp_input, mlp_output)
            if record:
                run.patterns.append(pattern)
                run.mlp_inputs.append(mlp_input)
                run.mlp_outputs.append(mlp_output)
            x = x + mlp_output
        run.logits = self.norm(x) @ self.embed_tokens.weight.T
        return run


def save(model, folder):
    """Hugging Face files, weights rounded to bf16."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {f"model.{k}": v.detach().to(torch.bfloat16).contiguous() for k, v in model.named_parameters()}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    ids = dict(bos_token_id=tok.BOS_ID, eos_token_id=tok.EOS_ID)
    config = dict(architectures=["LlamaForCausalLM"], model_type="llama", hidden_act="silu", tie_word_embeddings=True,
                  attention_bias=False, mlp_bias=False, rope_scaling=None, torch_dtype="bfloat16", use_cache=True,
                  **asdict(model.config), **ids)
    (folder / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    (folder / "generation_config.json").write_text(json.dumps(ids, indent=2) + "\n")


def load(folder):
    """The model as it is shipped: bf16 values, computed with in fp32."""
    stored = json.loads((folder / "config.json").read_text())
    model = Llama(Config(**{k: stored[k] for k in Config.__dataclass_fields__}))
    tensors = load_file(folder / "model.safetensors")
    model.load_state_dict({k.removeprefix("model."): v.float() for k, v in tensors.items()})
    return model.eval().requires_grad_(False)
