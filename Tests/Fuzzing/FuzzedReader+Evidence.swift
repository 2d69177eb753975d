import Checkpoints
import Evidence
import Foundation
import Graphs
import TestSupport

extension FuzzedReader {
    /// zlib and gzip, with a limit that a few bytes can reach.
    static let deflated = FuzzedReader(
        "deflated", words: ["\u{1F}", "\u{78}"],
        written: {
            let text = Array("the same, the same, the same".utf8)
            return [text.deflated(.zlib), text.deflated(.gzip), [UInt8](repeating: 0, count: 1 << 21).deflated(.gzip)]
        }
    ) { bytes in
        try require(bytes.inflated(limit: 1 << 20).count <= 1 << 20, "inflates to no more than the limit")
    }

    /// A feature's record.
    static let evidence = FuzzedReader(
        "evidence",
        words: [
            "\"tokens\"", "\"tokens_acts_list\"", "\"train_token_ind\"", "\"examples_quantiles\"", "\"examples\"", "\"act_max\"", "NaN", "-Infinity", "1e999",
            "null",
        ],
        written: { [sampleEvidence.json, Array(#"{"act_max": NaN, "examples_quantiles": [{"examples": [{"tokens": ["a"], "train_token_ind": -1}]}]}"#.utf8)] }
    ) { bytes in
        let read = try FeatureEvidence(sampleEvidence.feature, parsing: bytes)
        try require(FeatureEvidence(read.feature, parsing: read.json) == read, "what was read is written so that it reads the same")
        for example in read.quantiles.flatMap(\.examples) {
            try require(example.tokens.count == example.activations.count, "each token has an activation")
            try require(example.tokens.isEmpty ? example.peak == 0 : example.tokens.indices.contains(example.peak), "the peak is a token")
        }
    }

    /// An index, which the harness compresses, an empty line, and a file of records, `l`, that several layers may name.
    static let bundle = FuzzedReader(
        "bundle", words: ["\"filename\"", "\"offsets\"", "\"l\"", "9223372036854775807", "-1", "null", "../", "[", "{"],
        written: {
            let record = sampleEvidence.json.deflated(.zlib)
            let header = withUnsafeBytes(of: UInt32(record.count).littleEndian) { Array($0) }
            let index = #"{"0": {"filename": "l", "offsets": [0, 0, \#(record.count + 4)]}, "2": {"filename": "l", "offsets": [0]}}"#
            let list = #"[null, {"filename": "l", "offsets": [0, \#(record.count + 4), 99999]}]"#
            return [index, list].map { Array($0.utf8) + [10, 10] + header + record }
        }
    ) { bytes in
        let end = bytes.indices.first { $0 > 0 && bytes[$0] == 10 && bytes[$0 - 1] == 10 } ?? bytes.count
        let folder = try TemporaryFolder()
        try folder.write(Array(bytes[..<end]).deflated(.gzip), to: EvidenceBundle.indexName)
        try folder.write(Array(bytes[end...].dropFirst()), to: "l")
        let bundle = EvidenceBundle(folder: folder.url)
        for (layer, count) in try bundle.featureCounts() {
            for index in 0..<min(count, 8) { _ = try? bundle.evidence(for: FeatureID(layer: layer, index: index)) }
        }
    }

    private static let sampleEvidence = FeatureEvidence(
        feature: FeatureID(layer: 0, index: 1), transcoderID: "org/set",
        quantiles: [
            .init(name: "Top", examples: [.init(tokens: ["a", " b", "\""], activations: [0, 0.5, 2], isRepeated: true), .init(tokens: [], activations: [])])
        ],
        topLogits: ["é"], bottomLogits: [], smallestActivation: 0.1, largestActivation: 2, quantileValues: [0.1, 2], histogram: [3, 0.5],
        activationFrequency: 0.25)
}
