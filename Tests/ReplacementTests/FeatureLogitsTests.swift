import Graphs
import Replacement
import Tensors
import TestSupport
import Testing
import Transcoders
import Transformers

@Suite struct FeatureLogitsTests {
    /// With everything frozen, more of a feature of the last layer moves the logits along what it writes, by the norms'
    /// denominators at that position.
    @Test(arguments: TestModel.all) func `a feature moves the logits along what it writes`(_ test: TestModel) throws {
        let local = try test.local()
        let (model, last) = (local.model, local.record.positions - 1)
        let layer = model.decoder.layerCount - 1
        let feature = FeatureID(layer: layer, index: local.activations.sites.last { $0.layer == layer }?.index ?? 0)
        let adding = Intervention(feature: feature, positions: last..<last + 1, edit: .add(100))
        let run = try local.intervened([adding], options: RunOptions(constrainedLayers: 0..<layer + 1))
        let (before, after) = (centred(local.record, model), centred(run.record, model))
        let written = try model.logits(of: [feature]).row(0)
        #expect(abs(written.reduce(0, +)) < 1e-3 * written.reduce(0) { $0 + abs($1) })
        var change = after
        change.add(before, scale: -1)
        let factor = change.dot(written) / written.dot(written)
        #expect(factor > 0)
        let scale = (before + after).reduce(0) { max($0, abs($1)) }
        #expect(difference(change, written.map { $0 * factor }, scale: scale) == nil)
    }

    /// A cross-layer feature's directions add up.
    @Test func `a feature that writes to several layers writes the sum`() throws {
        let model = try Fixtures.replacementModel("tiny/llama3-clt")
        let feature = FeatureID(layer: 1, index: 7)
        let decoders = model.transcoders.layers[1].decoders
        try #require(decoders.count > 1)
        var sum = [Float](repeating: 0, count: model.decoder.spec.vocabulary)
        for decoder in decoders { sum.add(model.decoder.logitDirections(Matrix(rows: 1, columns: model.decoder.spec.width, elements: decoder.row(7))).row(0)) }
        let mean = sum.reduce(0, +) / Float(sum.count)
        #expect(try difference(model.logits(of: [feature]).row(0), sum.map { $0 - mean }) == nil)
        #expect(throws: ReplacementError.self) { try model.logits(of: [FeatureID(layer: 9, index: 0)]) }
    }

    private func centred(_ record: ForwardRecord, _ model: ReplacementModel) -> [Float] {
        let logits = model.decoder.nextTokenLogits(record, capped: false).elements
        let mean = logits.reduce(0, +) / Float(logits.count)
        return logits.map { $0 - mean }
    }
}
