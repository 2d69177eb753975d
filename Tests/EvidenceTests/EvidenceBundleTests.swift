import Evidence
import Foundation
import Graphs
import TestSupport
import Testing

@Suite struct EvidenceBundleTests {
    let scratch: TemporaryFolder

    init() throws { scratch = try TemporaryFolder() }

    static let evidence = FeatureEvidence(
        feature: FeatureID(layer: 1, index: 2), transcoderID: "org/set",
        quantiles: [
            FeatureEvidence.Quantile(
                name: "Top activations",
                examples: [FeatureEvidence.Example(tokens: ["a", " Texan", "\n"], activations: [0, 2.5, 0.1], isRepeated: true)])
        ],
        topLogits: [" Texas"], bottomLogits: ["é"], smallestActivation: 0.1, largestActivation: 5, quantileValues: [0.1, 1, 5], histogram: [3, 2, 1],
        activationFrequency: 0.001)

    @Test func `a bundle is read as it was written`() throws {
        let evidence = Self.evidence
        let count = try EvidenceWriter.bundle(of: [evidence.feature], counts: [0: 3, 1: 4], to: scratch.url) { _ in evidence }
        #expect(count == 1)
        #expect(try scratch.names == ["index.json.gz", "layer_0.bin", "layer_1.bin"])
        let bundle = EvidenceBundle(folder: scratch.url)
        #expect(try bundle.featureCounts() == [0: 3, 1: 4])
        #expect(try bundle.evidence(for: evidence.feature) == evidence)
        for other in [FeatureID(layer: 1, index: 1), FeatureID(layer: 1, index: 4), FeatureID(layer: 2, index: 0), FeatureID(layer: 1, index: -1)] {
            #expect(try bundle.evidence(for: other) == nil)
        }
    }

    @Test func `a loose file is read as it was written`() throws {
        try EvidenceWriter.loose(Self.evidence, scan: "org/set", to: scratch.url)
        let loose = try #require(LooseEvidence(folder: scratch.url, scan: "org/set"))
        #expect(try loose.evidence(for: Self.evidence.feature) == Self.evidence)
        #expect(try loose.evidence(for: FeatureID(layer: 1, index: 3)) == nil)
    }
}
