import Replacement
import Tensors
import TestSupport
import Testing
import Transcoders
import Transformers

/// `<A x, y> = <x, A^T y>` for each operation of the frozen model.
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
            var cone = CausalCone(targetPositions: [target], width: width)
            cone.inject(y, target: 0)
            linearization.attentionTransposed(layer, &cone)
            // Less what it makes of nothing: its biases.
            let nothing = Matrix(rows: positions, columns: width)
            let forward = linearization.attention(layer, x).row(target).dot(y) - linearization.attention(layer, nothing).row(target).dot(y)
            let backward = (0...target).map { cone.rows.row(cone.start($0)).dot(x.row($0)) }.reduce(0, +)
            #expect(abs(forward - backward) < 1e-4 * (1 + abs(forward)), "layer \(layer)")
        }
    }

    @Test(arguments: TestModel.all) func `the final norm`(_ test: TestModel) throws {
        let local = try test.local()
        let (positions, width) = (local.record.positions, local.model.decoder.spec.width)
        var generator = RandomBits(seed: 12)
        let x = Matrix(rows: positions, columns: width, elements: generator.floats(positions * width))
        let y = Matrix(rows: 1, columns: width, elements: generator.floats(width))
        let nothing = Matrix(rows: positions, columns: width)
        let forward = local.linearization.finalNorm(x).row(2).dot(y.elements) - local.linearization.finalNorm(nothing).row(2).dot(y.elements)
        let backward = local.linearization.finalNormTransposed(y, position: 2).elements.dot(x.row(2))
        #expect(abs(forward - backward) < 1e-5 * (1 + abs(forward)))
    }

    @Test(arguments: TestModel.all) func `the skip at its hook`(_ test: TestModel) throws {
        let local = try test.local()
        let width = local.model.decoder.spec.width
        var generator = RandomBits(seed: 13)
        for layer in 0..<local.model.decoder.layerCount {
            guard let skip = local.model.transcoders.layers[layer].skip else { continue }
            let x = Matrix(rows: local.record.positions, columns: width, elements: generator.floats(local.record.positions * width))
            let y = generator.floats(width)
            var cone = CausalCone(targetPositions: [1], width: width)
            cone.inject(y, target: 0)
            local.mlpTransposed(layer, written: local.outputTransposed(layer, cone), &cone)
            func forward(_ x: Matrix) -> Float {
                let inputs = local.model.featureInputs(layer, x, denominators: local.record.layers[layer].mlpDenominators)
                var added = inputs.multiplied(byTransposeOf: skip)
                if local.model.transcoders.outputHook == .mlpOutput { added = local.linearization.mlpAdded(layer, added) }
                return added.row(1).dot(y) + x.row(1).dot(y)
            }
            // Less what it makes of nothing: the norm's bias.
            let forward = forward(x) - forward(Matrix(rows: x.rows, columns: width))
            let backward = cone.rows.row(cone.start(1)).dot(x.row(1))
            #expect(abs(forward - backward) < 1e-4 * (1 + abs(forward)), "layer \(layer)")
        }
    }
}
