import Foundation
import TestSupport
import Testing
import Checkpoints

struct ConfigFaultCase: Sendable, CustomTestStringConvertible {
    let id: String
    let text: String
    let sentence: String
    var testDescription: String { id }

    init(_ id: String, _ text: String, _ sentence: String) {
        self.id = id
        self.text = text
        self.sentence = sentence
    }
}

private let hooks = "feature_input_hook: a\nfeature_output_hook: b\n"
private let start = "model_name: m\n" + hooks

@Suite struct TranscoderConfigTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func config(_ text: String) throws -> TranscoderConfig {
        try folder.write(text, to: "config.yaml")
        return try TranscoderConfig(folder: folder.url)
    }

    @Test func `a set of files beside the config`() throws {
        let config = try config(
            """
            model_name: "tiny/gemma2"
            model_kind: "cross_layer_transcoder"
            feature_input_hook: "hook_resid_mid"  # read here
            feature_output_hook: 'hook_mlp_out'
            scan: tiny/gemma2-clt
            """)
        #expect(config.modelName == "tiny/gemma2")
        #expect(config.modelKind == .crossLayerTranscoder)
        #expect(config.featureInputHook == "hook_resid_mid")
        #expect(config.featureOutputHook == "hook_mlp_out")
        #expect(config.scan == "tiny/gemma2-clt")
        #expect(config.transcoders == nil)
    }

    @Test func `places are in layer order`() throws {
        let config = try config(start + "model_kind: transcoder_set\ntranscoders:\n  - hf://o/n/0.npz\n  - \"1.npz\"\n")
        #expect(config.modelKind == .transcoderSet)
        #expect(config.transcoders == ["hf://o/n/0.npz", "1.npz"])
        #expect(config.scan == nil)
    }

    @Test func `the older spelling is put in layer order`() throws {
        let config = try config(
            start + """
                transcoders:
                  - {id: x-1, layer: 1, filepath: one.npz}
                  - id: x-0
                    layer: 0
                    filepath: zero.npz
                """)
        #expect(config.modelKind == .transcoderSet)
        #expect(config.transcoders == ["zero.npz", "one.npz"])
    }

    @Test(
        arguments: [
            ("activation: relu", .relu), ("activation_function: jump_relu", .jumpReLU), ("activation_fn: JumpReLU", .jumpReLU),
            ("activation_fn_str: relu\nactivation_fn_kwargs: {}", .relu),
            ("activation: topk\nk: 32", .topK(32)), ("activation: topk", .topK(nil)), ("activation: Top-K\ntop_k: 1", .topK(1)),
            ("activation: TopK\nactivation_function: top_k\nk: 7\ntop_k: 7", .topK(7)),
        ] as [(String, DeclaredActivation)])
    func `an activation may be declared`(_ text: String, _ activation: DeclaredActivation) throws {
        let config = try config(start + text + "\n")
        #expect(config.activation == activation)
        #expect(config.unknownKeys.isEmpty)
    }

    @Test func `what nobody knows is kept to be told`() throws {
        let config = try config(
            start + """
                1: one
                dtype: bfloat16
                made: {by: somebody, on: [2025-01-01, nan]}
                normalize_activations: none
                apply_b_dec_to_input: false
                scaling_factor: 1.0
                activation:
                transcoders:
                  - {layer: 0, filepath: a, id: 5, l0: 50, input_scale: ~}
                  - {layer: 1, filepath: b, id: [], l0: 60}
                """)
        #expect(config.unknownKeys == ["1", "dtype", "made", "transcoders[].l0"])
        #expect(config.activation == nil)
        #expect(config.transcoders == ["a", "b"])
    }

    @Test(arguments: [
        ConfigFaultCase("empty", "", "the document in DIR/config.yaml is null; expected a mapping."),
        ConfigFaultCase("a list", "- a\n", "the document in DIR/config.yaml is a list; expected a mapping."),
        ConfigFaultCase("no model", hooks, "DIR/config.yaml has no model_name."),
        ConfigFaultCase("a null model", "model_name:\n" + hooks, "DIR/config.yaml has no model_name."),
        ConfigFaultCase("no hook", "model_name: m\nfeature_input_hook: a\n", "DIR/config.yaml has no feature_output_hook."),
        ConfigFaultCase(
            "an unknown key", start + "transcoder: []\n",
            "DIR/config.yaml has an unknown key, transcoder. Did you mean transcoders?"),
        ConfigFaultCase(
            "a key in other letters", start + "Model-Kind: transcoder_set\n",
            "DIR/config.yaml has an unknown key, Model-Kind. Did you mean model_kind?"),
        ConfigFaultCase(
            "a key that changes arithmetic", start + "normalize_activations: layer_norm\n",
            "normalize_activations in DIR/config.yaml changes what the transcoders compute, and is not supported."
                + " Use a set without it."),
        ConfigFaultCase(
            "a factor for one layer", start + "transcoders: [{layer: 0, filepath: a, scalingFactor: 0.5}]\n",
            "transcoders[0].scalingFactor in DIR/config.yaml changes what the transcoders compute, and is not supported."
                + " Use a set without it."),
        ConfigFaultCase(
            "k alone", start + "k: 32\n", "k in DIR/config.yaml needs activation: topk. Add it, or remove k."),
        ConfigFaultCase(
            "k of ReLU", start + "activation: relu\ntop_k: 32\n",
            "top_k in DIR/config.yaml needs activation: topk. Add it, or remove top_k."),
        ConfigFaultCase(
            "no features", start + "activation: topk\nk: 0\n", "k in DIR/config.yaml is \"0\"; expected 1 or more."),
        ConfigFaultCase(
            "half a feature", start + "activation: topk\nk: 1.5\n", "k in DIR/config.yaml is a number; expected an integer."),
        ConfigFaultCase(
            "a text for k", start + "activation: topk\nk: \"32\"\n", "k in DIR/config.yaml is a string; expected an integer."),
        ConfigFaultCase(
            "two counts", start + "activation: topk\nk: 32\ntop_k: 33\n",
            "k and top_k in DIR/config.yaml contradict each other. Keep one of them."),
        ConfigFaultCase(
            "two functions", start + "activation: relu\nactivation_function: jump_relu\n",
            "activation and activation_function in DIR/config.yaml contradict each other. Keep one of them."),
        ConfigFaultCase(
            "another function", start + "activation: gelu\n",
            "activation in DIR/config.yaml is \"gelu\"; expected relu, jump_relu or topk."),
        ConfigFaultCase(
            "no hf:// address", start + "transcoders: [a, \"hf://name\"]\n",
            "transcoders[1] in DIR/config.yaml is \"hf://name\"; expected hf://org/name/file?revision=revision"
                + " or a path relative to the config."),
        ConfigFaultCase(
            "a repository for a file", start + "transcoders: [{layer: 0, filepath: \"hf://org/name\"}]\n",
            "transcoders[0].filepath in DIR/config.yaml is \"hf://org/name\"; expected hf://org/name/file?revision=revision"
                + " or a path relative to the config."),
        ConfigFaultCase(
            "null among places", start + "transcoders: [a, ]\nscan: [b]\n",
            "scan in DIR/config.yaml is a list; expected a string."),
        ConfigFaultCase(
            "a number for a name", "model_name: 5\n" + hooks,
            "model_name in DIR/config.yaml is an integer; expected a string."),
        ConfigFaultCase(
            "a truth for a name", "model_name: true\n" + hooks,
            "model_name in DIR/config.yaml is a boolean; expected a string."),
        ConfigFaultCase(
            "an unknown kind", start + "model_kind: sae\n",
            "model_kind in DIR/config.yaml is \"sae\"; expected transcoder_set or cross_layer_transcoder."),
        ConfigFaultCase(
            "a map of transcoders", start + "transcoders: {a: b}\n",
            "transcoders in DIR/config.yaml is a mapping; expected a list."),
        ConfigFaultCase(
            "no transcoders", start + "transcoders: []\n",
            "transcoders in DIR/config.yaml is an empty list; expected one file per layer."),
        ConfigFaultCase(
            "a list among places", start + "transcoders: [a, [b]]\n",
            "transcoders[1] in DIR/config.yaml is a list; expected a string."),
        ConfigFaultCase(
            "a place among maps", start + "transcoders: [{layer: 0, filepath: a}, b]\n",
            "transcoders[1] in DIR/config.yaml is a string; expected a mapping."),
        ConfigFaultCase(
            "a map without its file", start + "transcoders: [{layer: 0}]\n",
            "DIR/config.yaml has no transcoders[0].filepath."),
        ConfigFaultCase(
            "a word for a layer", start + "transcoders: [{layer: \"0\", filepath: a}]\n",
            "transcoders[0].layer in DIR/config.yaml is a string; expected an integer."),
        ConfigFaultCase(
            "a layer twice", start + "transcoders: [{layer: 0, filepath: a}, {layer: 0, filepath: b}]\n",
            "transcoders[1].layer in DIR/config.yaml is \"0\"; expected each of 0 to 1 once."),
        ConfigFaultCase(
            "a layer too high", start + "transcoders: [{layer: 1, filepath: a}]\n",
            "transcoders[0].layer in DIR/config.yaml is \"1\"; expected each of 0 to 0 once."),
        ConfigFaultCase(
            "a key twice", start + "model_name: n\n",
            "DIR/config.yaml is not YAML: line 1: the key model_name appears twice."),
        ConfigFaultCase(
            "no YAML", start + "scan: [a\n",
            "DIR/config.yaml is not YAML: line 5: did not find expected ',' or ']'."),
    ])
    func `a faulty config names the file and the key`(_ fault: ConfigFaultCase) throws {
        try folder.write(fault.text, to: "config.yaml")
        let found = sentence(hiding: folder.url) { () throws(CheckpointError) in _ = try TranscoderConfig(folder: folder.url) }
        #expect(found == fault.sentence)
    }
}
