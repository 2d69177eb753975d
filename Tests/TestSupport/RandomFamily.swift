/// Every family at a size to check by brute force: windows smaller than the prompt, soft-caps and limits that bite,
/// sinks that take a share, and the names its checkpoints have.
package enum RandomFamily: String, Sendable, CaseIterable {
    case llama, qwen3, gemma2, gemma3, gpt2, gptOss

    static let layers = 3
    static let width = 16
    private static let heads = 4
    private static let keyValueHeads = 2
    private static let headWidth = 6
    private static let mlpWidth = 24
    private static let experts = 6
    private static let vocabulary = 40
    private static let context = 512

    struct Tensor {
        let name: String
        let shape: [Int]
        /// Half the range of its numbers.
        let scale: Float
        let centre: Float
    }

    var config: String {
        let sizes = """
            "hidden_size": \(Self.width), "num_attention_heads": \(Self.heads), "num_key_value_heads": \(Self.keyValueHeads),
            "head_dim": \(Self.headWidth), "intermediate_size": \(Self.mlpWidth), "num_hidden_layers": \(Self.layers),
            "vocab_size": \(Self.vocabulary), "max_position_embeddings": \(Self.context)
            """
        switch self {
        case .llama:
            return """
                {"model_type": "llama", "architectures": ["LlamaForCausalLM"], \(sizes), "rms_norm_eps": 1e-5,
                 "rope_theta": 10000.0, "tie_word_embeddings": false, "hidden_act": "silu"}
                """
        case .qwen3:
            return """
                {"model_type": "qwen3", "architectures": ["Qwen3ForCausalLM"], \(sizes), "rope_theta": 1000.0,
                 "use_sliding_window": true, "sliding_window": 2, "max_window_layers": 1}
                """
        case .gemma2:
            return """
                {"model_type": "gemma2", "architectures": ["Gemma2ForCausalLM"], \(sizes), "sliding_window": 3,
                 "query_pre_attn_scalar": 5, "attn_logit_softcapping": 1.5, "final_logit_softcapping": 2.0}
                """
        case .gemma3:
            return """
                {"model_type": "gemma3_text", "architectures": ["Gemma3ForCausalLM"], \(sizes), "sliding_window": 3,
                 "sliding_window_pattern": 2, "query_pre_attn_scalar": 6, "rope_theta": 1000000.0, "rope_local_base_freq": 100.0,
                 "rope_scaling": {"rope_type": "linear", "factor": 8.0}}
                """
        case .gptOss:
            return """
                {"model_type": "gpt_oss", "architectures": ["GptOssForCausalLM"], \(sizes), "sliding_window": 3,
                 "num_local_experts": \(Self.experts), "num_experts_per_tok": 2, "swiglu_limit": 1.0, "rope_theta": 1000.0,
                 "rope_scaling": {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 16, "beta_fast": 2.0}}
                """
        case .gpt2:
            return """
                {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "n_embd": \(Self.width), "n_head": \(Self.heads),
                 "n_inner": \(Self.mlpWidth), "n_layer": \(Self.layers), "vocab_size": \(Self.vocabulary), "n_positions": \(Self.context)}
                """
        }
    }

    var tensors: [Tensor] { self == .gpt2 ? gpt2Tensors : gatedTensors }

    private var gatedTensors: [Tensor] {
        let isGemma = self == .gemma2 || self == .gemma3
        let (width, queries, keys) = (Self.width, Self.heads * Self.headWidth, Self.keyValueHeads * Self.headWidth)
        func norm(_ name: String, _ size: Int = Self.width) -> Tensor {
            Tensor(name: name + ".weight", shape: [size], scale: 0.3, centre: isGemma ? 0 : 1)
        }
        func linear(_ name: String, _ shape: [Int], _ scale: Float = 0.5) -> Tensor {
            Tensor(name: name + ".weight", shape: shape, scale: scale, centre: 0)
        }
        var all = [linear("model.embed_tokens", [Self.vocabulary, width], 1), norm("model.norm")]
        if !isGemma { all.append(linear("lm_head", [Self.vocabulary, width])) }
        for layer in 0..<Self.layers {
            let prefix = "model.layers.\(layer)."
            let norms = ["input_layernorm", "post_attention_layernorm"] + (isGemma ? ["pre_feedforward_layernorm", "post_feedforward_layernorm"] : [])
            all += norms.map { norm(prefix + $0) }
            if self == .qwen3 || self == .gemma3 {
                all += [norm(prefix + "self_attn.q_norm", Self.headWidth), norm(prefix + "self_attn.k_norm", Self.headWidth)]
            }
            all += [
                linear(prefix + "self_attn.q_proj", [queries, width]), linear(prefix + "self_attn.k_proj", [keys, width]),
                linear(prefix + "self_attn.v_proj", [keys, width]), linear(prefix + "self_attn.o_proj", [width, queries], 0.3),
            ]
            all +=
                self == .gptOss
                ? sinksAndExperts(prefix)
                : [
                    linear(prefix + "mlp.gate_proj", [Self.mlpWidth, width]), linear(prefix + "mlp.up_proj", [Self.mlpWidth, width]),
                    linear(prefix + "mlp.down_proj", [width, Self.mlpWidth], 0.3),
                ]
        }
        return all
    }

    private func sinksAndExperts(_ prefix: String) -> [Tensor] {
        let (width, queries, keys) = (Self.width, Self.heads * Self.headWidth, Self.keyValueHeads * Self.headWidth)
        return [
            ("self_attn.sinks", [Self.heads], 1), ("self_attn.q_proj.bias", [queries], 0.3), ("self_attn.k_proj.bias", [keys], 0.3),
            ("self_attn.v_proj.bias", [keys], 0.3), ("self_attn.o_proj.bias", [width], 0.3),
            ("mlp.router.weight", [Self.experts, width], 0.5), ("mlp.router.bias", [Self.experts], 0.3),
            ("mlp.experts.gate_up_proj", [Self.experts, width, 2 * Self.mlpWidth], 0.5),
            ("mlp.experts.gate_up_proj_bias", [Self.experts, 2 * Self.mlpWidth], 0.3),
            ("mlp.experts.down_proj", [Self.experts, Self.mlpWidth, width], 0.3),
            ("mlp.experts.down_proj_bias", [Self.experts, width], 0.3),
        ].map { name, shape, scale in Tensor(name: prefix + name, shape: shape, scale: scale, centre: 0) }
    }

    private var gpt2Tensors: [Tensor] {
        let (width, hidden) = (Self.width, Self.mlpWidth)
        func norm(_ name: String) -> [Tensor] {
            [
                Tensor(name: name + ".weight", shape: [width], scale: 0.3, centre: 1),
                Tensor(name: name + ".bias", shape: [width], scale: 0.3, centre: 0),
            ]
        }
        func linear(_ name: String, _ rows: Int, _ columns: Int, _ scale: Float = 0.5) -> [Tensor] {
            [
                Tensor(name: name + ".weight", shape: [rows, columns], scale: scale, centre: 0),
                Tensor(name: name + ".bias", shape: [columns], scale: 0.3, centre: 0),
            ]
        }
        var all =
            [
                Tensor(name: "wte.weight", shape: [Self.vocabulary, width], scale: 1, centre: 0),
                Tensor(name: "wpe.weight", shape: [Self.context, width], scale: 0.5, centre: 0),
            ] + norm("ln_f")
        for layer in 0..<Self.layers {
            let prefix = "h.\(layer)."
            all += norm(prefix + "ln_1") + norm(prefix + "ln_2")
            all += linear(prefix + "attn.c_attn", width, 3 * width) + linear(prefix + "attn.c_proj", width, width, 0.3)
            all += linear(prefix + "mlp.c_fc", width, hidden) + linear(prefix + "mlp.c_proj", hidden, width, 0.3)
        }
        return all
    }
}
