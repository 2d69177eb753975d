import Foundation
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

    @Test(arguments: [
        ConfigFaultCase("empty", "", "the document in DIR/config.yaml is null; expected a mapping."),
        ConfigFaultCase("a list", "- a\n", "the document in DIR/config.yaml is a list; expected a mapping."),
        ConfigFaultCase("no model", hooks, "DIR/config.yaml has no model_name."),
        ConfigFaultCase("a null model", "model_name:\n" + hooks, "DIR/config.yaml has no model_name."),
        ConfigFaultCase("no hook", "model_name: m\nfeature_input_hook: a\n", "DIR/config.yaml has no feature_output_hook."),
        ConfigFaultCase(
            "an unknown key", start + "transcoder: []\n",
            "DIR/config.yaml has the key transcoder, which is not known. Did you mean transcoders?"),
        ConfigFaultCase(
            "a key that changes arithmetic", start + "k: 32\n", "DIR/config.yaml has the key k, which is not known."),
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
            "transcoders in DIR/config.yaml is an empty list; expected one file a layer."),
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
            "DIR/config.yaml is not YAML: line 1: the key model_name is there twice."),
        ConfigFaultCase(
            "no YAML", start + "scan: [a\n",
            "DIR/config.yaml is not YAML: line 5: did not find expected ',' or ']'."),
    ])
    func `a faulty config names the file and the key`(_ fault: ConfigFaultCase) throws {
        try folder.write(fault.text, to: "config.yaml")
        let found = sentence(in: folder) { () throws(CheckpointError) in _ = try TranscoderConfig(folder: folder.url) }
        #expect(found == fault.sentence)
    }

    @Test func `nonsense neither crashes nor hangs`() throws {
        for text in [String(repeating: "[", count: 100_000), String(repeating: "- ", count: 100_000)] {
            #expect(throws: CheckpointError.self) { try config(text) }
        }
        try folder.write([0xFF, 0xFE, 0xFF], to: "config.yaml")
        #expect(
            sentence(in: folder) { () throws(CheckpointError) in _ = try TranscoderConfig(folder: folder.url) }
                == "DIR/config.yaml is not YAML: it is not UTF-8.")
        try folder.write(String(repeating: "#", count: 1_000_001), to: "config.yaml")
        #expect(
            sentence(in: folder) { () throws(CheckpointError) in _ = try TranscoderConfig(folder: folder.url) }
                == "DIR/config.yaml is not YAML: it is longer than 1000000 bytes.")
    }
}
