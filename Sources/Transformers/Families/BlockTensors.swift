/// The tensors of the families whose layers are made of `self_attn` and a gated `mlp` without biases.
///
/// - Parameter norms: the slots of the norms around attention and MLP, which families name differently.
func gatedDecoderTensors(_ spec: DecoderSpec, _ layout: CheckpointLayout, norms: [(LayerSlot, String)]) -> [TensorPlace] {
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
        let hidden = layer.mlp.width
        var table: [(LayerSlot, String, [Int])] = norms.map { ($0, $1, [width]) }
        table += [
            (.query, "self_attn.q_proj", [queries, width]),
            (.key, "self_attn.k_proj", [keys, width]),
            (.value, "self_attn.v_proj", [keys, width]),
            (.attentionOutput, "self_attn.o_proj", [width, queries]),
            (.gate, "mlp.gate_proj", [hidden, width]),
            (.up, "mlp.up_proj", [hidden, width]),
            (.down, "mlp.down_proj", [width, hidden]),
        ]
        if attention.queryKeyNorm != nil {
            table += [
                (.queryNorm, "self_attn.q_norm", [attention.headWidth]),
                (.keyNorm, "self_attn.k_norm", [attention.headWidth]),
            ]
        }
        places += table.map { slot, name, shape in
            TensorPlace(slot: .layer(index, slot), name: "\(layout.body)layers.\(index).\(name).weight", shape: shape)
        }
    }
    return places
}

/// The norms of families with one before each block.
let preNorms: [(LayerSlot, String)] = [(.attentionNorm, "input_layernorm"), (.mlpNorm, "post_attention_layernorm")]

/// The norms of families with one before and one behind each block. `post_attention_layernorm` is another one here.
let prePostNorms: [(LayerSlot, String)] = [
    (.attentionNorm, "input_layernorm"), (.attentionPostNorm, "post_attention_layernorm"),
    (.mlpNorm, "pre_feedforward_layernorm"), (.mlpPostNorm, "post_feedforward_layernorm"),
]
