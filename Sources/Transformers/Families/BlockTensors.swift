/// The tensors of a family whose layers consist of `self_attn` and a gated `mlp` without biases.
func gatedDecoderTensors(_ spec: DecoderSpec, _ layout: CheckpointLayout, norms: [(LayerSlot, String)]) -> [TensorPlace] {
    decoderTensors(spec, layout, norms: norms) { layer in
        let (width, hidden) = (spec.width, layer.mlp.width)
        return [
            (.gate, "mlp.gate_proj.weight", [hidden, width]),
            (.up, "mlp.up_proj.weight", [hidden, width]),
            (.down, "mlp.down_proj.weight", [width, hidden]),
        ]
    }
}

/// The tensors of a family whose layers consist of `self_attn` and further tensors.
///
/// - Parameters:
///   - norms: the slots of the norms around attention and MLP, and the family's names for them.
///   - more: a layer's other tensors.
func decoderTensors(
    _ spec: DecoderSpec, _ layout: CheckpointLayout, norms: [(LayerSlot, String)], more: (LayerSpec) -> [(LayerSlot, String, [Int])]
) -> [TensorPlace] {
    let width = spec.width
    var places = [
        TensorPlace(slot: .embedding, name: layout.body + "embed_tokens.weight", shape: [spec.vocabulary, width]),
        TensorPlace(slot: .finalNorm, name: layout.body + "norm.weight", shape: [width]),
    ]
    if !spec.tiesEmbeddings {
        places.append(TensorPlace(slot: .unembedding, name: layout.head + "lm_head.weight", shape: [spec.vocabulary, width]))
    }
    for (index, layer) in spec.layers.enumerated() {
        let attention = layer.attention
        let queries = attention.heads * attention.headWidth
        let keys = attention.keyValueHeads * attention.headWidth
        var table: [(LayerSlot, String, [Int])] = norms.map { ($0, $1 + ".weight", [width]) }
        table += [
            (.query, "self_attn.q_proj.weight", [queries, width]),
            (.key, "self_attn.k_proj.weight", [keys, width]),
            (.value, "self_attn.v_proj.weight", [keys, width]),
            (.attentionOutput, "self_attn.o_proj.weight", [width, queries]),
        ]
        if attention.queryKeyNorm != nil {
            table += [
                (.queryNorm, "self_attn.q_norm.weight", [attention.headWidth]),
                (.keyNorm, "self_attn.k_norm.weight", [attention.headWidth]),
            ]
        }
        places += (table + more(layer)).map { slot, name, shape in
            TensorPlace(slot: .layer(index, slot), name: "\(layout.body)layers.\(index).\(name)", shape: shape)
        }
    }
    return places
}

/// The norms of families that have one before each block.
let preNorms: [(LayerSlot, String)] = [(.attentionNorm, "input_layernorm"), (.mlpNorm, "post_attention_layernorm")]

/// The norms of families that have one before and one after each block. Here `post_attention_layernorm` is the norm after attention.
let prePostNorms: [(LayerSlot, String)] = [
    (.attentionNorm, "input_layernorm"), (.attentionPostNorm, "post_attention_layernorm"),
    (.mlpNorm, "pre_feedforward_layernorm"), (.mlpPostNorm, "post_feedforward_layernorm"),
]
