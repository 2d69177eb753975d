import Replacement
import Tensors
import TestSupport
import Testing
import Transcoders
import Transformers

/// `<A x, y> = <x, A^T y>` for each operation of the frozen model, to the rounding of `|A x| |y|`.
@Suite struct AdjointTests {
    @Test(arguments: TestModel.all) func `attention with a frozen pattern`(_ test: TestModel) throws {
        let local = try test.local()
        let linearization = local.linearization
        let (positions, width) = (local.record.positions, local.model.decoder.spec.width)
        var generator = RandomBits(seed: 11)
        for layer in 0..<local.model.decoder.layerCount {
            let x = Matrix(rows: positions, columns: width, elements: generator.floats(positions * width))
            let y = generator.floats(width)
            let target = positions - 2
            // One target, below the last position: its cone holds one row for each of the positions up to its own.
            var cone = CausalCone(targets: [0], positions: [target], vectors: Matrix(rows: 1, columns: width, elements: y))
            try linearization.attentionTransposed(layer, &cone)
            // Less what it makes of nothing: its biases.
            let nothing = Matrix(rows: positions, columns: width)
            let image = try linearization.attention(layer, x).row(target)
            let forward = try image.dot(y) - linearization.attention(layer, nothing).row(target).dot(y)
            let backward = (0...target).map { cone.rows.row(cone.start($0)).dot(x.row($0)) }.reduce(0, +)
            #expect(difference([forward], [backward], scale: image.length * y.length) == nil, "layer \(layer)")
        }
    }

    @Test(arguments: TestModel.families) func `attention on a long prompt, from targets that end anywhere in it`(_ test: TestModel) throws {
        let model = try test.model()
        let record = try model.decoder.forward(TestModel.tokens(300))
        let linearization = Linearization(model.decoder, on: record)
        let width = model.decoder.spec.width
        var generator = RandomBits(seed: 14)
        let x = Matrix(rows: 300, columns: width, elements: generator.floats(300 * width))
        let nothing = Matrix(rows: 300, columns: width)
        for positions in [[299], [200, 3, 128, 127, 130, 200], [255, 256], [0, 140]] {
            let y = Matrix(rows: positions.count, columns: width, elements: generator.floats(positions.count * width))
            for layer in 0..<model.decoder.layerCount {
                var cone = CausalCone(targets: Array(positions.indices), positions: positions, vectors: y)
                try linearization.attentionTransposed(layer, &cone)
                let (image, biases) = (try linearization.attention(layer, x), try linearization.attention(layer, nothing))
                for (place, target) in cone.targets.enumerated() {
                    let (position, y) = (positions[target], y.row(target))
                    let forward = image.row(position).dot(y) - biases.row(position).dot(y)
                    let backward = (0...position).map { cone.rows.row(cone.start($0) + place).dot(x.row($0)) }.reduce(0, +)
                    #expect(
                        difference([forward], [backward], scale: image.row(position).length * y.length) == nil,
                        "layer \(layer), position \(position) of \(positions)")
                }
            }
        }
    }

    @Test(arguments: TestModel.all) func `the final norm`(_ test: TestModel) throws {
        let local = try test.local()
        let (positions, width) = (local.record.positions, local.model.decoder.spec.width)
        var generator = RandomBits(seed: 12)
        let x = Matrix(rows: positions, columns: width, elements: generator.floats(positions * width))
        let y = Matrix(rows: 1, columns: width, elements: generator.floats(width))
        let nothing = Matrix(rows: positions, columns: width)
        let image = local.linearization.finalNorm(x).row(2)
        let forward = image.dot(y.elements) - local.linearization.finalNorm(nothing).row(2).dot(y.elements)
        let backward = local.linearization.finalNormTransposed(y, position: 2).elements.dot(x.row(2))
        #expect(difference([forward], [backward], scale: image.length * y.elements.length) == nil)
    }

    @Test(arguments: TestModel.all) func `the skip at its hook`(_ test: TestModel) throws {
        let local = try test.local()
        let width = local.model.decoder.spec.width
        var generator = RandomBits(seed: 13)
        for layer in 0..<local.model.decoder.layerCount {
            guard let skip = local.model.transcoders.layers[layer].skip else { continue }
            let x = Matrix(rows: local.record.positions, columns: width, elements: generator.floats(local.record.positions * width))
            let y = generator.floats(width)
            var cone = CausalCone(targets: [0], positions: [1], vectors: Matrix(rows: 1, columns: width, elements: y))
            try local.mlpTransposed(layer, written: ArrangedRows(local.outputTransposed(layer, cone).rows), &cone)
            func image(_ x: Matrix) -> [Float] {
                let inputs = local.model.featureInputs(layer, x, denominators: local.record.layers[layer].mlpDenominators)
                var added = inputs.multiplied(byTransposeOf: skip)
                if local.model.transcoders.outputHook == .mlpOutput { added = local.linearization.mlpAdded(layer, added) }
                return zip(added.row(1), x.row(1)).map(+)
            }
            // Less what it makes of nothing: the norm's bias.
            let forward = image(x).dot(y) - image(Matrix(rows: x.rows, columns: width)).dot(y)
            let backward = cone.rows.row(cone.start(1)).dot(x.row(1))
            #expect(difference([forward], [backward], scale: image(x).length * y.length) == nil, "layer \(layer)")
        }
    }
}

extension [Float] {
    /// The Euclidean norm.
    fileprivate var length: Float { dot(self).squareRoot() }
}
