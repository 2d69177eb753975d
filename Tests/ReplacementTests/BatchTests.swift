import Replacement
import Tensors
import TestSupport
import Testing
import Transcoders
import Transformers

/// Texts that run together against each of them alone.
@Suite(.everyKernelSet) struct BatchTests {
    /// Of several lengths, one of a single token, one twice.
    private static func sequences(_ tokens: [Int]) -> [[Int]] {
        [tokens, Array(tokens.prefix(1)), Array(tokens.reversed()), Array(tokens.prefix(3)), tokens]
    }

    @Test(arguments: TestModel.all) func `a text's numbers are those of its own run up to rounding`(_ test: TestModel) throws {
        let local = try test.local()
        let (model, batch) = (local.model, SequenceBatch(Self.sequences(local.record.tokens)))
        let alone = try batch.sequences.map { try model.decoder.forward($0) }
        var layers = 0
        try model.decoder.run(batch) { layer, residualMid, denominators in
            layers += 1
            for (rows, record) in zip(batch.ranges, alone) {
                #expect(difference(residualMid.rows(rows), record.layers[layer].residualMid) == nil, "layer \(layer), rows \(rows)")
                #expect(difference(Array(denominators[rows]), record.layers[layer].mlpDenominators) == nil, "layer \(layer), rows \(rows)")
            }
        }
        #expect(layers == model.decoder.layerCount)
    }

    @Test(arguments: TestModel.all) func `the columns of features are their rows, without the zeroed positions`(_ test: TestModel) throws {
        let local = try test.local()
        let (model, batch) = (local.model, SequenceBatch(Self.sequences(local.record.tokens)))
        var inputs: [Matrix] = []
        try model.decoder.run(batch) { layer, residualMid, denominators in
            inputs.append(model.featureInputs(layer, residualMid, denominators: denominators))
        }
        try model.columns(of: batch) { layer, columns in
            var rows = Array(repeating: [(feature: Int, value: Float)](), count: batch.rows)
            for feature in 0..<model.transcoders.featuresPerLayer {
                for entry in columns.starts[feature]..<columns.starts[feature + 1] {
                    rows[Int(columns.rows[entry])].append((feature, columns.values[entry]))
                }
            }
            let all = try model.transcoders.layers[layer].activeFeatures(inputs[layer])
            for range in batch.ranges {
                for row in range {
                    let expected = row - range.lowerBound < model.zeroedPositions ? [] : all[row]
                    #expect(rows[row].map(\.feature) == expected.map(\.feature), "layer \(layer), row \(row)")
                    #expect(rows[row].map(\.value) == expected.map(\.value), "layer \(layer), row \(row)")
                }
            }
        }
    }

    @Test func `a text that cannot be run is refused`() throws {
        let model = try Fixtures.replacementModel("tiny/llama3-plt-skip")
        let long = Array(repeating: 1, count: model.decoder.spec.context + 1)
        #expect(throws: ModelError.promptTooLong(tokens: long.count, context: model.decoder.spec.context)) {
            try model.columns(of: SequenceBatch([[1, 2], long])) { _, _ in }
        }
    }
}
