"""The attribution graph of one prompt, small enough here to do with whole matrices, for its two scores only.

Attention patterns and norm denominators are frozen, so the residual stream is linear between MLPs: a target's reading
vector is pulled back layer by layer, [position x d] at a time, and dotted with what features, errors and tokens write.
"""
import torch

LOGIT_SHARE, MOST_LOGITS = 0.95, 10


def rms_scale(norm, x):
    """weight / rms of x: what the frozen norm multiplies by. [position, d]"""
    return norm.weight * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + norm.eps)


def attention_map(layer, pattern, scale):
    """The frozen attention block as one matrix from residual [position x d] (columns) to residual (rows)."""
    c, attention = layer.self_attn.c, layer.self_attn
    group = c.num_attention_heads // c.num_key_value_heads
    positions = pattern.shape[-1]
    total = 0
    for head in range(c.num_attention_heads):
        kv = head // group
        value = attention.v_proj.weight[kv * c.head_dim:(kv + 1) * c.head_dim]
        output = attention.o_proj.weight[:, head * c.head_dim:(head + 1) * c.head_dim]
        moved = (output @ value)[None] * scale[:, None, :]  # [key, d out, d in]
        total = total + torch.einsum("qk,koi->qoki", pattern[head], moved)
    return total.reshape(positions * c.hidden_size, positions * c.hidden_size)


@torch.no_grad()
def scores(model, transcoders, ids):
    """Replacement and completeness score of the whole graph, and how many features are active."""
    run = model(ids[None], record=True)
    depth, positions, d = len(model.layers), len(ids), model.config.hidden_size
    inputs, outputs = torch.cat(run.mlp_inputs), torch.cat(run.mlp_outputs)
    active = transcoders.active(inputs)
    errors = outputs - transcoders.decode(active)
    active[:, 0], errors[:, 0] = 0, 0

    # The residual stream again, for the norms' denominators.
    maps, mid_scales, x = [], [], model.embed_tokens(ids)
    tokens = x
    for i, layer in enumerate(model.layers):
        attention = attention_map(layer, run.patterns[i][0], rms_scale(layer.input_layernorm, x))
        maps.append(attention)
        x = x + (attention @ x.flatten()).view(positions, d)
        mid_scales.append(rms_scale(layer.post_attention_layernorm, x))
        x = x + outputs[i]
    last_scale = rms_scale(model.norm, x)[-1]

    features = active.nonzero()  # layer, position, index
    n = len(features)
    first_error, first_token, first_logit = n, n + depth * positions, n + (depth + 1) * positions
    probabilities, order = run.logits[0, -1].softmax(-1).sort(descending=True)
    kept = min(int((probabilities.cumsum(0) < LOGIT_SHARE).sum()) + 1, MOST_LOGITS)
    size = first_logit + kept
    adjacency = torch.zeros(size, size)

    def pull_back(rows, g, top):
        """g: [row, position, d] at the residual stream before the MLP of layer `top` (or after the last layer)."""
        g = g.flatten(1)
        for layer in range(top, -1, -1):
            if layer < depth:
                g = g + g @ maps[layer]
            by_position = g.view(len(g), positions, d)
            if layer == 0:
                adjacency[rows, first_token:first_logit] = (by_position * tokens).sum(-1)
                return
            written = layer - 1
            at = first_error + written * positions
            adjacency[rows, at:at + positions] = (by_position * errors[written]).sum(-1)
            for source, decoder in enumerate(transcoders.decoders):
                if not 0 <= written - source < decoder.shape[1]:
                    continue
                mine = (features[:, 0] == source).nonzero()[:, 0]
                where, which = features[mine, 1], features[mine, 2]
                vectors = decoder[which, written - source] * active[source, where, which, None]
                adjacency[rows[:, None], mine] += (by_position[:, where] * vectors).sum(-1)

    for layer in range(depth):
        rows = (features[:, 0] == layer).nonzero()[:, 0]
        g = torch.zeros(len(rows), positions, d)
        where = features[rows, 1]
        g[torch.arange(len(rows)), where] = transcoders.encoder[layer, features[rows, 2]] * mid_scales[layer][where]
        pull_back(rows, g, layer)
    unembedding = model.embed_tokens.weight
    g = torch.zeros(kept, positions, d)
    g[:, -1] = (unembedding[order[:kept]] - unembedding.mean(0)) * last_scale
    pull_back(torch.arange(first_logit, size), g, depth)

    share = adjacency.abs()
    share = share / share.sum(1, keepdim=True).clamp(min=1e-10)
    weight = torch.zeros(size)
    weight[first_logit:] = probabilities[:kept]
    influence, wave = torch.zeros(size), weight
    while (wave := wave @ share).any():
        influence += wave
    from_tokens = influence[first_token:first_logit].sum()
    from_errors = influence[first_error:first_token].sum()
    explained = 1 - share[:, first_error:first_token].sum(1)
    importance = influence + weight
    return dict(replacement=(from_tokens / (from_tokens + from_errors)).item(),
                completeness=((explained * importance).sum() / importance.sum()).item(), active_features=n)
