import Checkpoints
import Evidence
import Foundation
import Graphs
import JSON
import TestSupport
import Testing

@Suite struct EvidenceBundleTests {
    let scratch: TemporaryFolder

    init() throws { scratch = try TemporaryFolder() }

    static let evidence = FeatureEvidence(
        feature: FeatureID(layer: 1, index: 2), transcoderID: "org/set",
        quantiles: [
            .init(name: "Top activations", examples: [.init(tokens: ["a", " Texan", "\n"], activations: [0, 2.5, 0.1], isRepeated: true)])
        ],
        topLogits: [" Texas"], bottomLogits: ["é"], smallestActivation: 0.1, largestActivation: 5, quantileValues: [0.1, 1, 5], histogram: [3, 2, 1],
        activationFrequency: 0.001)

    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

    // MARK: - What is right

    @Test func `a bundle is read as it was written`() throws {
        let evidence = Self.evidence
        let count = try EvidenceWriter.bundle(of: [evidence.feature], counts: [0: 3, 1: 4], to: scratch.url) { _ in evidence }
        #expect(count == 1)
        #expect(try scratch.names == ["index.json.gz", "layer_0.bin", "layer_1.bin"])
        let bundle = EvidenceBundle(folder: scratch.url)
        #expect(try bundle.featureCounts() == [0: 3, 1: 4])
        #expect(try bundle.evidence(for: evidence.feature) == evidence)
        #expect(try bundle.features() == [evidence.feature])
        for other in [FeatureID(layer: 1, index: 1), FeatureID(layer: 1, index: 4), FeatureID(layer: 2, index: 0), FeatureID(layer: 1, index: -1)] {
            #expect(try bundle.evidence(for: other) == nil)
        }
    }

    @Test(arguments: ["dict", "list"])
    func `a bundle that another program wrote is read, whichever form its index has`(_ form: String) throws {
        let bundle = EvidenceBundle(folder: Self.fixtures.appending(path: form))
        #expect(try bundle.featureCounts() == [0: 3, 2: 5])
        func read(_ layer: Int, _ index: Int) throws -> FeatureEvidence? { try bundle.evidence(for: FeatureID(layer: layer, index: index)) }
        #expect(
            try read(0, 0)
                == FeatureEvidence(
                    feature: FeatureID(layer: 0, index: 0), transcoderID: "tiny/set",
                    quantiles: [
                        .init(
                            name: "Top activations",
                            examples: [
                                .init(tokens: ["<bos>", "The", " capital", " of", " Texas"], activations: [0, 0.25, 0, 0, 8], peak: 4),
                                .init(tokens: [" Dallas", ",", " Texas", "\n"], activations: [3.5, 0, 6.25, 0.5], peak: 2, isRepeated: true),
                            ]),
                        .init(
                            name: "Subsample interval 0",
                            examples: [.init(tokens: ["caf", "\\xc3", "\\xa9", " \"NaN\""], activations: [0.125, 0, 0, 0], peak: 0)]),
                    ], topLogits: [" Austin", " Texas"], bottomLogits: ["é", "\u{2028}"], smallestActivation: 0.125, largestActivation: 8,
                    quantileValues: [0.125, 0.5, 1, 2, 8], histogram: [40, 12, 0, 3, 1], activationFrequency: 0.0021))
        #expect(try read(0, 1) == nil && read(1, 0) == nil)
        #expect(
            try read(0, 2) == FeatureEvidence(feature: FeatureID(layer: 0, index: 2), transcoderID: "tiny/set", largestActivation: 3, histogram: [1]))
        #expect(try read(2, 0) == FeatureEvidence(feature: FeatureID(layer: 2, index: 0)))
        #expect(
            try read(2, 3)
                == FeatureEvidence(feature: FeatureID(layer: 2, index: 3), transcoderID: "tiny/set", topLogits: ["NaN"], quantileValues: [1.5]))
    }

    @Test(.enabled(if: pythonIsHere)) func `another program reads what is written`() throws {
        let evidence = Self.evidence
        _ = try EvidenceWriter.bundle(of: [evidence.feature], counts: [0: 3, 1: 4], to: scratch.url) { _ in evidence }
        let (process, pipe) = (Process(), Pipe())
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", Self.fixtures.appending(path: "bundles.py").path, "read", scratch.url.path]
        process.standardOutput = pipe
        try process.run()
        let printed = [UInt8](try pipe.fileHandleForReading.readToEnd() ?? Data())
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(try JSONValue(parsing: printed) == .object(["1/2": JSONValue(parsing: evidence.json)]))
    }

    private static let pythonIsHere = ["/usr/bin/python3", "/usr/local/bin/python3"].contains { FileManager.default.isExecutableFile(atPath: $0) }

    @Test func `the public format, spelled out`() {
        #expect(
            String(decoding: Self.evidence.json, as: UTF8.self) == """
                {"transcoder_id":"org/set","index":2,"examples_quantiles":[{"quantile_name":"Top activations","examples":[{"tokens":["a"," Texan","\\n"],\
                "tokens_acts_list":[0.0,2.5,0.1],"train_token_ind":1,"is_repeated_datapoint":true}]}],"top_logits":[" Texas"],"bottom_logits":["é"],\
                "act_min":0.1,"act_max":5.0,"quantile_values":[0.1,1.0,5.0],"histogram":[3,2,1],"activation_frequency":0.001}
                """)
    }

    @Test func `a loose file is read as it was written, and is found under its set and number`() throws {
        try EvidenceWriter.loose(Self.evidence, scan: "org/set", to: scratch.url)
        // Cantor's number of (1, 2).
        #expect(FileManager.default.fileExists(atPath: scratch["features/org/set/8.json"].path))
        let loose = try #require(LooseEvidence(folder: scratch.url, scan: "org/set"))
        #expect(try loose.evidence(for: Self.evidence.feature) == Self.evidence)
        #expect(try loose.features() == [Self.evidence.feature])
        for feature in [FeatureID(layer: 1, index: 3), FeatureID(layer: .max, index: .max)] { #expect(try loose.evidence(for: feature) == nil) }
        #expect(try LooseEvidence(folder: scratch.url, scan: "org/other")?.evidence(for: Self.evidence.feature) == nil)
        for scan in ["..", "org//set/../set", "", "/", "."] { #expect(LooseEvidence(folder: scratch.url, scan: scan) == nil) }
    }

    @Test func `percentiles are of the first value that is not below`() {
        let evidence = Self.evidence
        #expect([0.05, 0.1, 0.5, 1, 4, 5, 9].map { evidence.percentile(of: $0) } == [0, 0, 0.5, 0.5, 1, 1, 1])
        #expect(FeatureEvidence(feature: evidence.feature, quantileValues: [1]).percentile(of: 1) == nil)
        #expect(evidence.percentile(of: .nan) == nil)
    }

    @Test func `a bundle that is written again is read again, and one that fails leaves the old one`() throws {
        let (evidence, bundle) = (Self.evidence, EvidenceBundle(folder: scratch.url))
        func write(_ body: (FeatureID) throws -> FeatureEvidence?) throws {
            _ = try EvidenceWriter.bundle(of: [evidence.feature], counts: [1: 4], to: scratch.url, evidence: body)
        }
        try write { _ in evidence }
        #expect(try bundle.evidence(for: evidence.feature) == evidence)
        try? write { _ in throw CancellationError() }
        #expect(try bundle.evidence(for: evidence.feature) == evidence && scratch.names == ["index.json.gz", "layer_1.bin"])
        #expect(sentence { try write { _ in nil } } == "There are no examples of features to write.")
        #expect(try bundle.evidence(for: evidence.feature) == evidence)
        let other = FeatureEvidence(feature: evidence.feature)
        try write { _ in other }
        #expect(try bundle.evidence(for: evidence.feature) == other)
    }

    // MARK: - What is wrong

    /// Writes an index and a file of records, and asks for feature 0/0.
    private func fault(index: String, records: [UInt8] = []) throws -> String? {
        try fault(index: Array(index.utf8).deflated(.gzip), records: records)
    }

    private func fault(index: [UInt8], records: [UInt8] = []) throws -> String? {
        try scratch.write(index, to: "index.json.gz")
        try scratch.write(records, to: "l")
        return sentence { try EvidenceBundle(folder: scratch.url).evidence(for: FeatureID(layer: 0, index: 0)) }?
            .replacing(scratch.url.path + "/", with: "")
    }

    @Test(arguments: [
        ("[", "index.json.gz is not JSON: it ends too early."),
        ("3", "index.json.gz must be an object or a list of layers."),
        (#"{"x": {}}"#, #"index.json.gz has the key "x"; expected the number of a layer."#),
        (#"{"-1": {}}"#, #"index.json.gz has the key "-1"; expected the number of a layer."#),
        (#"{"9999999": {}}"#, #"index.json.gz has the key "9999999"; expected the number of a layer."#),
        (#"{"0": 3}"#, "Layer 0 in index.json.gz must have a filename and a list of offsets."),
        (#"{"0": {"filename": "l"}}"#, "Layer 0 in index.json.gz must have a filename and a list of offsets."),
        (
            #"{"0": {"filename": "../l", "offsets": []}}"#,
            #"Layer 0 in index.json.gz has the file name "../l"; expected the name of a file beside it."#
        ),
        (
            #"{"0": {"filename": "l", "offsets": [0, 5, 4]}}"#,
            "Offset 2 of layer 0 in index.json.gz must be a whole number, not below the one before it."
        ),
        (
            #"{"0": {"filename": "l", "offsets": [-1]}}"#,
            "Offset 0 of layer 0 in index.json.gz must be a whole number, not below the one before it."
        ),
        (
            #"{"0": {"filename": "l", "offsets": [0, 1e3]}}"#,
            "Offset 1 of layer 0 in index.json.gz must be a whole number, not below the one before it."
        ),
        (
            #"{"0": {"filename": "l", "offsets": [0, 9223372036854775807]}}"#,
            "The record of feature 0/0 ends at byte 9223372036854775807 of l, which has 0. Download both files of the layer again."
        ),
    ]) func `an index that lies is refused in a sentence`(_ index: String, _ expected: String) throws {
        #expect(try fault(index: index) == expected)
    }

    @Test func `an index that is not a gzip file, or ends early, is refused`() throws {
        let advice = "It should be the gzip file of an index of features; download it again."
        #expect(try fault(index: Array("{}".utf8)) == "index.json.gz is not zlib or gzip, or is damaged. \(advice)")
        #expect(try fault(index: Array(Array("{}".utf8).deflated(.gzip).dropLast(9))) == "index.json.gz ends too early. \(advice)")
        #expect(try fault(index: []) == "index.json.gz ends too early. \(advice)")
    }

    private static func record(_ contents: [UInt8], length: UInt32? = nil) -> [UInt8] {
        withUnsafeBytes(of: (length ?? UInt32(contents.count)).littleEndian) { Array($0) } + contents
    }

    @Test func `a record that lies is refused in a sentence`() throws {
        func fault(_ records: [UInt8], end: Int? = nil) throws -> String? {
            try self.fault(index: #"{"0": {"filename": "l", "offsets": [0, \#(end ?? records.count)]}}"#, records: records)
        }
        let good = Array("{}".utf8).deflated(.zlib)
        #expect(try fault(Self.record(good)) == nil)
        #expect(
            try fault(Self.record(good), end: 99) == "The record of feature 0/0 ends at byte 99 of l, which has 14. Download both files of the layer again.")
        #expect(try fault(Self.record(good, length: 11)) == "The record of feature 0/0 in l says that it has 11 bytes; there are 10 for it.")
        #expect(try fault(Self.record(good, length: .max)) == "The record of feature 0/0 in l says that it has 4294967295 bytes; there are 10 for it.")
        #expect(try fault([1, 0]) == "The record of feature 0/0 in l says that it has 4 bytes; there are 2 for it.")
        #expect(try fault(Self.record([1, 2, 3])) == "The record of feature 0/0 in l is not zlib or gzip, or is damaged.")
        #expect(try fault(Self.record(Array(good.dropLast()))) == "The record of feature 0/0 in l ends too early.")
        #expect(try fault(Self.record(Array("[]".utf8).deflated(.zlib))) == "The record of feature 0/0 in l is not a JSON object: it is not valid at byte 0.")
        // Two gigabytes of zeros in two megabytes: a gzip file may hold several.
        let bomb = [UInt8](repeating: 0, count: 1 << 28).deflated(.gzip)
        #expect(
            try fault(Self.record((0..<8).flatMap { _ in bomb }))
                == "The record of feature 0/0 in l inflates to more than 16777216 bytes, which are allowed.")
        // The file of a layer that was not fetched.
        try FileManager.default.removeItem(at: scratch["l"])
        #expect(try EvidenceBundle(folder: scratch.url).evidence(for: FeatureID(layer: 0, index: 0)) == nil)
    }

    @Test func `members of another kind count as missing`() throws {
        let read = try FeatureEvidence(
            FeatureID(layer: 0, index: 0),
            parsing: Array(
                #"""
                {"act_max": "x", "top_logits": [1, "a"], "histogram": {"a": 1}, "quantile_values": [null, 1, 1e300], "examples_quantiles":
                [1, {"examples": 3}, {"quantile_name": 1, "examples": [{"tokens": ["a", 1]}, {"tokens": ["a", "b"], "tokens_acts_list": [null, 2, 3],
                "train_token_ind": 7}]}]}
                """#.utf8))
        #expect(
            read
                == FeatureEvidence(
                    feature: FeatureID(layer: 0, index: 0),
                    quantiles: [
                        .init(name: "Examples", examples: []),
                        .init(name: "Examples", examples: [.init(tokens: ["a", "b"], activations: [0, 2], peak: 1)]),
                    ], topLogits: ["a"], quantileValues: [1]))
    }

    @Test func `a loose file behind a link is not read`() throws {
        try scratch.write("{}", to: "elsewhere/8.json")
        try FileManager.default.createDirectory(at: scratch["features/org"], withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(at: scratch["features/org/set"], withDestinationURL: scratch["elsewhere"])
        let loose = try #require(LooseEvidence(folder: scratch.url, scan: "org/set"))
        #expect(try loose.evidence(for: Self.evidence.feature) == nil)
        let file = scratch["features/org/set/8.json"]
        try FileManager.default.removeItem(at: scratch["features/org/set"])
        try FileManager.default.createDirectory(at: scratch["features/org/set"], withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(at: file, withDestinationURL: scratch["elsewhere/8.json"])
        #expect(
            sentence { try loose.evidence(for: Self.evidence.feature) }
                == "\(file.path) must be a plain file, not a folder, a pipe, a device or a link.")
    }
}
