internal import JSON

/// The sizes of a model that is made for timing. Its weights are random numbers, so it says nothing; its products take as long as the real one's.
package struct ModelShape: Sendable, Equatable {
    /// Whose config and tensor names it has.
    package enum Family: Sendable, Equatable {
        case llama
        case gemma2
    }

    /// Of its folder.
    package let name: String
    package let family: Family
    /// d_model.
    package let width: Int
    /// Of the MLP.
    package let hidden: Int
    package let layers: Int
    package let heads: Int
    package let keyValueHeads: Int
    package let headWidth: Int
    package let vocabulary: Int

    /// Its `config.json`. Embedding and unembedding are one matrix.
    package var config: [UInt8] {
        var members: [String: JSONValue] = [
            "vocab_size": .integer(vocabulary), "hidden_size": .integer(width), "intermediate_size": .integer(hidden),
            "num_hidden_layers": .integer(layers), "num_attention_heads": .integer(heads), "num_key_value_heads": .integer(keyValueHeads),
            "head_dim": .integer(headWidth), "max_position_embeddings": .integer(8192), "tie_word_embeddings": .bool(true),
            "bos_token_id": .integer(1), "eos_token_id": .integer(0), "attention_bias": .bool(false), "torch_dtype": .string("bfloat16"),
        ]
        switch family {
        case .llama:
            members.merge([
                "architectures": .array([.string("LlamaForCausalLM")]), "model_type": .string("llama"), "hidden_act": .string("silu"),
                "mlp_bias": .bool(false), "rms_norm_eps": .number(1e-5), "rope_theta": .number(500_000),
                "rope_scaling": .object([
                    "rope_type": .string("llama3"), "factor": .number(32), "low_freq_factor": .number(1), "high_freq_factor": .number(4),
                    "original_max_position_embeddings": .integer(8192),
                ]),
            ]) { $1 }
        case .gemma2:
            members.merge([
                "architectures": .array([.string("Gemma2ForCausalLM")]), "model_type": .string("gemma2"),
                "hidden_activation": .string("gelu_pytorch_tanh"), "hidden_act": .string("gelu_pytorch_tanh"), "rms_norm_eps": .number(1e-6),
                "rope_theta": .number(10_000), "query_pre_attn_scalar": .integer(headWidth), "sliding_window": .integer(4096),
                "attn_logit_softcapping": .number(50), "final_logit_softcapping": .number(30),
            ]) { $1 }
        }
        var writer = JSONWriter()
        writer.object { $0.members(members) }
        return writer.bytes
    }

    /// Its tensors. Each matrix keeps the size of what it reads, more or less, so that the stream stays finite.
    var tensors: [MadeTensor] {
        let (queries, keys) = (heads * headWidth, keyValueHeads * headWidth)
        // Gemma's norms are stored minus 1.
        let norm = MadeTensor.Contents.constant(family == .gemma2 ? 0 : 1)
        let norms =
            family == .gemma2
            ? ["input_layernorm", "post_attention_layernorm", "pre_feedforward_layernorm", "post_feedforward_layernorm"]
            : ["input_layernorm", "post_attention_layernorm"]
        var tensors = [
            MadeTensor("model.embed_tokens.weight", [vocabulary, width], .random(deviation: 0.05)),
            MadeTensor("model.norm.weight", [width], norm),
        ]
        for layer in 0..<layers {
            let prefix = "model.layers.\(layer)."
            tensors += norms.map { MadeTensor("\(prefix)\($0).weight", [width], norm) }
            let matrices = [
                ("self_attn.q_proj", queries, width), ("self_attn.k_proj", keys, width), ("self_attn.v_proj", keys, width),
                ("self_attn.o_proj", width, queries), ("mlp.gate_proj", hidden, width), ("mlp.up_proj", hidden, width),
                ("mlp.down_proj", width, hidden),
            ]
            tensors += matrices.map { name, rows, columns in
                MadeTensor("\(prefix)\(name).weight", [rows, columns], .random(deviation: 0.9 / Float(columns).squareRoot()))
            }
        }
        return tensors
    }
}
