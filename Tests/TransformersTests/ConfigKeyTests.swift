import Foundation
import TestSupport
import Testing
import Transformers

/// For every key of transformers' config classes (`Fixtures/config-keys.json`), another value gives another model or is
/// refused, or the key is known to change no number.
@Suite struct ConfigKeyTests {
    private static let recorded: [String: [String: [String]]] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/config-keys.json")
        return try! JSONDecoder().decode([String: [String: [String]]].self, from: Data(contentsOf: file))
    }()

    private static let models = [
        "llama": "tiny/llama3", "qwen3": "tiny/qwen3", "gemma2": "tiny/gemma2", "gemma3_text": "tiny/gemma3",
        "gemma3": "tiny/gemma3-multimodal", "gpt_oss": "tiny/gpt-oss", "gpt2": "tiny/gpt2",
    ]

    /// Keys that do not affect a decoder's pass over given tokens. They are about what is printed, returned and stored, and labels
    /// of classifiers; training; the order or precision of the same computation; making and choosing tokens; heads of other tasks;
    /// images.
    private static let neutral: Set<String> = {
        let text = """
            output_attentions output_hidden_states output_scores output_router_logits return_dict return_dict_in_generate dtype
            torchscript use_bfloat16 tf_legacy_loss use_cache id2label label2id problem_type finetuning_task task_specific_params
            tokenizer_class prefix is_decoder tie_encoder_decoder cross_attention_hidden_size
            initializer_range attention_dropout attn_pdrop embd_pdrop resid_pdrop router_aux_loss_coef
            chunk_size_feed_forward pretraining_tp reorder_and_upcast_attn
            bos_token_id eos_token_id pad_token_id sep_token_id decoder_start_token_id bad_words_ids begin_suppress_tokens
            suppress_tokens forced_bos_token_id forced_eos_token_id do_sample temperature top_k top_p typical_p num_beams
            num_beam_groups diversity_penalty early_stopping max_length min_length length_penalty no_repeat_ngram_size
            encoder_no_repeat_ngram_size repetition_penalty exponential_decay_length_penalty num_return_sequences
            remove_invalid_values
            summary_activation summary_first_dropout summary_proj_to_labels summary_type summary_use_proj
            boi_token_id boi_token_index eoi_token_id eoi_token_index image_token_id image_token_index mm_tokens_per_image
            """
        return Set(text.split { $0 == " " || $0 == "\n" }.map { String($0) })
    }()

    /// Keys that have no effect in one family. Gemma 3's attention reads the soft-cap but does not use it. In a multimodal config,
    /// `tie_word_embeddings` of the `text_config` applies.
    private static let neutralHere = ["gemma3_text": ["attn_logit_softcapping"], "gemma3": ["tie_word_embeddings"]]

    /// For each key, a value that differs from those in the fixtures.
    private static let values: [String: any Sendable] = [
        "vocab_size": 500, "hidden_size": 32, "n_embd": 32, "intermediate_size": 64, "n_inner": 64, "num_hidden_layers": 1,
        "n_layer": 1, "num_attention_heads": 2, "n_head": 2, "num_key_value_heads": 1, "head_dim": 8, "hidden_act": "gelu",
        "hidden_activation": "gelu", "activation_function": "gelu", "max_position_embeddings": 100, "n_positions": 100,
        "rms_norm_eps": 0.01, "layer_norm_epsilon": 0.01, "tie_word_embeddings": true, "rope_theta": 777.0,
        "rope_local_base_freq": 777.0, "rope_scaling": stretched,
        "rope_parameters": stretched.merging(["full_attention": stretched]) { $1 }, "attention_bias": true, "mlp_bias": true,
        "layer_types": ["full_attention"], "sliding_window": 5, "use_sliding_window": true, "max_window_layers": 1,
        "_sliding_window_pattern": 2, "query_pre_attn_scalar": 100, "attn_logit_softcapping": 7.0,
        "final_logit_softcapping": 7.0, "use_bidirectional_attention": true, "swiglu_alpha": 1.5, "swiglu_limit": 1.5,
        "num_local_experts": 3, "num_experts": 3, "num_experts_per_tok": 1, "scale_attn_weights": false,
        "scale_attn_by_inverse_layer_idx": true, "add_cross_attention": true, "is_encoder_decoder": true,
        "pruned_heads": ["0": [1]],
    ]

    private static let stretched: [String: any Sendable] = ["rope_type": "linear", "factor": 2.0]

    /// Other keys that must be set for a key to have an effect.
    private static let besides: [String: [String: any Sendable]] = [
        "num_hidden_layers": ["layer_types": NSNull()], "rope_parameters": ["rope_scaling": NSNull()],
        "_sliding_window_pattern": ["layer_types": NSNull()],
        "sliding_window": ["use_sliding_window": true, "max_window_layers": 0, "layer_types": NSNull()],
        "use_sliding_window": ["sliding_window": 4, "max_window_layers": 0, "layer_types": NSNull()],
        "max_window_layers": ["sliding_window": 4, "use_sliding_window": true, "layer_types": NSNull()],
    ]

    /// The spec of the small model with these keys in its config; nil if it is refused.
    private func spec(_ type: String, _ keys: [String: any Sendable]) throws -> DecoderSpec? {
        let model = try EditedModel(Self.models[type]!) { $0.merge(keys) { $1 } }
        return try unlessRefused { try model.decoder().spec }
    }

    @Test(arguments: models.keys.sorted()) func `every key has an effect, is refused, or is known to have none`(_ type: String) throws {
        let keys = Set(Self.recorded.values.flatMap { $0[type] ?? [] })
        try #require(keys.count > 20)
        for key in keys.sorted() where !Self.neutral.contains(key) && Self.neutralHere[type]?.contains(key) != true {
            var value = try #require(Self.values[key], "there is no value for \(key)")
            let besides = Self.besides[key] ?? [:]
            // `attention_bias` is already true in GPT-OSS, and `tie_word_embeddings` in most models.
            if key == "attention_bias", type == "gpt_oss" { value = false }
            if key == "tie_word_embeddings", try spec(type, [:])?.tiesEmbeddings == true { value = false }
            let before = try #require(try spec(type, besides), "\(key): the model does not load without it")
            #expect(try spec(type, besides.merging([key: value]) { $1 }) != before, "\(key) is ignored")
        }
    }

    @Test(arguments: models.keys.sorted()) func `keys without effect may have any value`(_ type: String) throws {
        let keys = Set(Self.recorded.values.flatMap { $0[type] ?? [] }).filter { Self.neutral.contains($0) } + (Self.neutralHere[type] ?? [])
        let plain = try spec(type, [:])
        for value in [true, 3, 0.25, "other", NSNull(), [1, 2], ["a": 1]] as [any Sendable] {
            let changed = Dictionary(uniqueKeysWithValues: keys.map { ($0, value) })
            #expect(try spec(type, changed) == plain, "\(value)")
        }
    }
}
