internal import Foundation

/// A tally as the bytes of a row; equal tallies have equal bytes.
extension FeatureTally {
    /// Another where the bytes mean something else.
    private static var form: Int { 1 }

    var bytes: Data {
        var writer = ByteWriter()
        writer.number(Self.form)
        writer.number(sequences)
        writer.bits(minimum.bitPattern)
        writer.number(histogram.count)
        for bin in histogram {
            writer.bits(bin.range.number)
            writer.number(bin.count)
        }
        let corpora = Set((strongest + sampled).map(\.corpus)).sorted()
        writer.number(corpora.count)
        for corpus in corpora { writer.bits(corpus) }
        for examples in [strongest, sampled] {
            writer.number(examples.count)
            for example in examples { writer.add(example, corpus: corpora.firstIndex(of: example.corpus)!) }
        }
        return writer.data
    }

    init(_ data: Data) throws(ByteReader.Damage) {
        var reader = ByteReader(data)
        guard try reader.number() == Self.form else { throw ByteReader.Damage() }
        sequences = try reader.number()
        minimum = try reader.float()
        for _ in 0..<(try reader.count()) {
            let number = try reader.bits(Int16.self)
            histogram.append(Bin(range: ActivationBin(number: number), count: try reader.number(below: 1 << 48)))
        }
        var corpora: [Int64] = []
        for _ in 0..<(try reader.count()) { corpora.append(try reader.bits(Int64.self)) }
        for _ in 0..<(try reader.count()) { strongest.append(try reader.example(corpora)) }
        for _ in 0..<(try reader.count()) { sampled.append(try reader.example(corpora)) }
        guard reader.isAtEnd else { throw ByteReader.Damage() }
    }
}

extension ByteWriter {
    fileprivate mutating func add(_ example: Example, corpus: Int) {
        number(corpus)
        number(Int(example.block))
        number(Int(example.sequence))
        number(Int(example.position))
        bits(example.activation.bitPattern)
        bits(example.context)
        number(example.window.count)
        for firing in example.window {
            bits(firing.offset)
            bits(firing.activation.bitPattern)
        }
    }
}

extension ByteReader {
    fileprivate mutating func example(_ corpora: [Int64]) throws(Damage) -> Example {
        let corpus = corpora[try number(below: corpora.count)]
        let (block, sequence, position) = (try place(), try place(), try place())
        let (activation, context) = (try float(), try bits(UInt64.self))
        var window: [Example.Firing] = []
        for _ in 0..<(try count()) {
            let offset = try bits(Int8.self)
            window.append(Example.Firing(offset: offset, activation: try float()))
        }
        return Example(
            corpus: corpus, block: block, sequence: sequence, position: position, activation: activation, context: context, window: window)
    }

    private mutating func place() throws(Damage) -> Int32 { Int32(try number(below: Int(Int32.max))) }
}
