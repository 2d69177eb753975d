import Replacement
import Tensors
import TestSupport
import Testing

@testable import Transformers

/// A pattern in blocks is what plain loops in doubles make of the queries and keys, one score at a time.
@Suite struct AttentionPatternTests {
    @Test(arguments: TestModel.families) func `a pattern is a softmax of what each query sees`(_ test: TestModel) throws {
        let decoder = try test.model().decoder
        var generator = RandomBits(seed: 21)
        for layer in 0..<decoder.layerCount {
            let attention = decoder.attention(layer)
            let spec = attention.spec
            for (queries, keys) in [(300, 300), (173, 201), (1, 260), (1, 1)] {
                let q = Matrix(rows: queries, columns: spec.heads * spec.headWidth, generator: &generator)
                let k = Matrix(rows: keys, columns: spec.keyValueHeads * spec.headWidth, generator: &generator)
                let pattern = attention.pattern(queries: q, keys: k)
                let sinks = decoder.weights.layers[layer].sinks
                let naive = NaivePattern(spec, q, k, sinks: sinks)
                #expect((pattern.heads, pattern.queries, pattern.keys) == (spec.heads, queries, keys))
                #expect(difference(pattern.rows, naive.rows, scale: 0) == nil, "layer \(layer), \(queries) of \(keys)")
                #expect(pattern.weights.reduce(0) { $0 + Double($1) }.isClose(to: pattern.rows.reduce(0) { $0 + Double($1) }), "none later")
                if sinks == nil {
                    #expect(difference(pattern.sums, [Float](repeating: 1, count: spec.heads * queries)) == nil)
                } else {
                    #expect(pattern.sums.allSatisfy { $0 > 0 && $0 < 1 })
                }
                let v = Matrix(rows: keys, columns: k.columns, generator: &generator)
                let output = try decoder.weights.layers[layer].attentionOutput.apply(naive.mixed(v, spec))
                #expect(try difference(attention.output(pattern, values: v), output) == nil, "layer \(layer), \(queries) of \(keys)")
            }
        }
    }

    @Test func `rows are taken out and put together at their positions`() throws {
        // Each weight tells its head, its query's position and its key.
        func made(_ queries: Int, _ keys: Int) -> AttentionPattern {
            let blocks = CausalBlocks(queries: queries, keys: keys)
            var weights = [Float](repeating: 0, count: 2 * blocks.count)
            for head in 0..<2 {
                for query in 0..<queries {
                    for key in 0...blocks.position(of: query) {
                        weights[head * blocks.count + blocks.row(query).lowerBound + key] = Float(head * 400_000 + blocks.position(of: query) * 1000 + key)
                    }
                }
            }
            return AttentionPattern(heads: 2, blocks: blocks, weights: weights)
        }
        let whole = made(300, 300)
        for count in [1, 100, 128, 129, 200, 256, 299] {
            #expect(whole.beginning(count) == made(count, count))
            #expect(whole.queries(from: count) == made(300 - count, 300))
            #expect(made(count, count).continued(by: made(300 - count, 300)) == whole)
            let others = AttentionPattern(heads: 2, queries: 300, keys: 300)
            #expect(others.replacing(from: count, by: made(300 - count, 300)).keeping(made(count, count)) == whole)
        }
        #expect(whole.queries(from: 0) == whole && whole.keeping(nil) == whole)
        #expect(whole.row(head: 1, query: 128).last == 528_128 && whole.queries(from: 200).row(head: 0, query: 3).count == 204)
    }

    @Test func `the rows of a block are as wide as its last query sees`() {
        let blocks = CausalBlocks(queries: 300, keys: 310)
        #expect(blocks.all.map(\.queries) == [0..<128, 128..<256, 256..<300] && blocks.all.map(\.width) == [138, 266, 310])
        #expect(blocks.all.map(\.start) == [0, 128 * 138, 128 * (138 + 266)] && blocks.count == 128 * (138 + 266) + 44 * 310)
        let rows = (0..<300).map(blocks.row)
        #expect(rows.first?.lowerBound == 0 && rows.last?.upperBound == blocks.count)
        #expect(zip(rows, rows.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
        #expect(CausalBlocks(queries: 0, keys: 5).count == 0)
    }
}

extension AttentionPattern {
    private var places: [(head: Int, query: Int)] { (0..<heads).flatMap { head in (0..<queries).map { (head, $0) } } }

    /// What each query sees, one row after the other.
    fileprivate var rows: [Float] { places.flatMap { row(head: $0.head, query: $0.query) } }

    fileprivate var sums: [Float] { places.map { row(head: $0.head, query: $0.query).reduce(0, +) } }
}

extension Double {
    fileprivate func isClose(to other: Double) -> Bool { abs(self - other) <= 1e-9 * abs(other) }
}

extension Matrix {
    fileprivate init(rows: Int, columns: Int, generator: inout RandomBits) {
        self.init(rows: rows, columns: columns, elements: generator.floats(rows * columns))
    }
}

/// The same by plain loops in doubles.
private struct NaivePattern {
    let queries: Int
    /// What each query of each head sees.
    var weights: [[Double]] = []

    var rows: [Float] { weights.flatMap { $0.map(Float.init) } }

    init(_ spec: AttentionSpec, _ q: Matrix, _ k: Matrix, sinks: [Float]?) {
        queries = q.rows
        let width = spec.headWidth
        for head in 0..<spec.heads {
            for query in 0..<q.rows {
                let (position, other) = (k.rows - q.rows + query, spec.keyValueHead(of: head))
                let seen = spec.window.visible(from: position)
                var row = (0...position).map { key -> Double in
                    guard seen.contains(key) else { return -.infinity }
                    var dot = 0.0
                    for column in 0..<width { dot += Double(q[query, head * width + column]) * Double(k[key, other * width + column]) }
                    let score = dot * Double(spec.scoreScale)
                    return spec.scoreSoftcap.map { Double($0) * Double.tangent(score / Double($0)) } ?? score
                }
                let all = row + (sinks.map { [Double($0[head])] } ?? [])
                let sum = all.reduce(0) { $0 + Double.power(2.718281828459045, $1) }
                row = row.map { Double.power(2.718281828459045, $0) / sum }
                weights.append(row)
            }
        }
    }

    func mixed(_ values: Matrix, _ spec: AttentionSpec) -> Matrix {
        let width = spec.headWidth
        var mixed = Matrix(rows: queries, columns: spec.heads * width)
        for (place, row) in weights.enumerated() {
            let (head, query) = (place / queries, place % queries)
            for column in 0..<width {
                var sum = 0.0
                for (key, weight) in row.enumerated() {
                    sum += weight * Double(values[key, spec.keyValueHead(of: head) * width + column])
                }
                mixed[query, head * width + column] = Float(sum)
            }
        }
        return mixed
    }
}

extension Double {
    /// The hyperbolic tangent.
    fileprivate static func tangent(_ x: Double) -> Double { 1 - 2 / (power(2.718281828459045, 2 * x) + 1) }
}
