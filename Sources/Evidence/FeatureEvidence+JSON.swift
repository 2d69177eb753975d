internal import Checkpoints
package import Graphs
package import JSON

/// The public front-end's format.
extension FeatureEvidence {
    private enum Key {
        static let transcoder = "transcoder_id"
        static let index = "index"
        static let quantiles = "examples_quantiles"
        static let quantileName = "quantile_name"
        static let examples = "examples"
        static let tokens = "tokens"
        static let activations = "tokens_acts_list"
        static let peak = "train_token_ind"
        static let isRepeated = "is_repeated_datapoint"
        static let top = "top_logits"
        static let bottom = "bottom_logits"
        static let smallest = "act_min"
        static let largest = "act_max"
        static let quantileValues = "quantile_values"
        static let histogram = "histogram"
        static let frequency = "activation_frequency"
    }

    /// A record of the public format has a few ten thousand tokens.
    private static let valueLimit = 4_000_000

    /// Reads what many programs write: a member that is missing or of another kind is left out, and NaN and the infinities, which Python
    /// writes, are unknown numbers.
    ///
    /// - Parameter feature: what the place of the record says; its own `index` is spelled in different ways.
    /// - Throws: `JSONFault`; `.unexpected` where the document is not an object.
    package init(_ feature: FeatureID, parsing json: [UInt8]) throws(JSONFault) {
        let text = json.withoutByteOrderMark.withNullForNonNumbers
        guard case .object(let members) = try JSONValue(parsing: text, valueLimit: Self.valueLimit, keepsLast: true) else {
            let start = text.firstIndex { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } ?? 0
            throw JSONFault(.unexpected(byte: text[start], expected: "an object"), at: start)
        }
        self.init(
            feature: feature,
            transcoderID: members[Key.transcoder]?.text,
            quantiles: members.list(Key.quantiles, Self.quantile),
            topLogits: members.list(Key.top, \.text),
            bottomLogits: members.list(Key.bottom, \.text),
            smallestActivation: members[Key.smallest]?.float,
            largestActivation: members[Key.largest]?.float,
            quantileValues: members.list(Key.quantileValues, \.float),
            histogram: members.list(Key.histogram) { $0.asNumber.map { max($0, 0) } },
            activationFrequency: members[Key.frequency]?.asNumber)
    }

    private static func quantile(_ value: JSONValue) -> Quantile? {
        guard case .object(let members) = value else { return nil }
        return Quantile(name: members[Key.quantileName]?.text ?? "Examples", examples: members.list(Key.examples, example))
    }

    private static func example(_ value: JSONValue) -> Example? {
        guard case .object(let members) = value, let tokens = members[Key.tokens]?.elements(\.text) else { return nil }
        let peak: Int? = if case .integer(let peak) = members[Key.peak] { peak } else { nil }
        let isRepeated = if case .bool(let flag) = members[Key.isRepeated] { flag } else { false }
        return Example(tokens: tokens, activations: members.list(Key.activations) { $0.float ?? 0 }, peak: peak, isRepeated: isRepeated)
    }

    /// As the public front-end reads it.
    package var json: [UInt8] {
        var writer = JSONWriter(layout: .compact)
        write(to: &writer)
        return writer.bytes
    }

    /// A member of which nothing is known is left out, except lists, which are empty.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            if let transcoderID {
                writer.key(Key.transcoder)
                writer.string(transcoderID)
            }
            writer.key(Key.index)
            writer.integer(feature.index)
            writer.key(Key.quantiles)
            writer.array(quantiles) { $0.quantile($1) }
            writer.key(Key.top)
            writer.strings(topLogits)
            writer.key(Key.bottom)
            writer.strings(bottomLogits)
            writer.number(Key.smallest, smallestActivation?.decimal)
            writer.number(Key.largest, largestActivation?.decimal)
            writer.key(Key.quantileValues)
            writer.array(quantileValues) { $0.number($1.decimal) }
            writer.key(Key.histogram)
            writer.array(histogram) { $0.count($1) }
            writer.number(Key.frequency, activationFrequency)
        }
    }
}

extension JSONWriter {
    fileprivate mutating func quantile(_ quantile: FeatureEvidence.Quantile) {
        object { writer in
            writer.key("quantile_name")
            writer.string(quantile.name)
            writer.key("examples")
            writer.array(quantile.examples) { $0.example($1) }
        }
    }

    private mutating func example(_ example: FeatureEvidence.Example) {
        object { writer in
            writer.key("tokens")
            writer.strings(example.tokens)
            writer.key("tokens_acts_list")
            writer.array(example.activations) { $0.number($1.decimal) }
            writer.key("train_token_ind")
            writer.integer(example.peak)
            writer.key("is_repeated_datapoint")
            writer.bool(example.isRepeated)
        }
    }

    fileprivate mutating func number(_ key: String, _ number: Double?) {
        guard let number, number.isFinite else { return }
        self.key(key)
        self.number(number)
    }

    /// Counts are whole numbers, unless somebody wrote shares.
    fileprivate mutating func count(_ count: Double) {
        if let whole = Int(exactly: count) { integer(whole) } else { number(count) }
    }
}

extension JSONValue {
    fileprivate var text: String? { if case .string(let text) = self { text } else { nil } }

    /// A number that a `Float` can hold.
    fileprivate var float: Float? { asNumber.map { Float($0) }.flatMap { $0.isFinite ? $0 : nil } }
}

extension [String: JSONValue] {
    /// The elements of a list that can be read; none if there is no list.
    fileprivate func list<T>(_ key: String, _ read: (JSONValue) -> T?) -> [T] {
        guard case .array(let elements) = self[key] else { return [] }
        return elements.compactMap(read)
    }
}

extension [UInt8] {
    /// The same text with `null` for the words of Python that are not JSON: `NaN`, `Infinity`, `-Infinity`.
    fileprivate var withNullForNonNumbers: [UInt8] {
        let words = ["NaN", "-Infinity", "Infinity"].map { Array($0.utf8) }
        let firsts = Set(words.map { $0[0] })
        var (result, position, isInString) = ([UInt8](), 0, false)
        result.reserveCapacity(count)
        while position < count {
            let byte = self[position]
            if isInString, byte == UInt8(ascii: "\\"), position + 1 < count {
                result.append(byte)
                position += 1
            } else if byte == UInt8(ascii: "\"") {
                isInString.toggle()
            } else if !isInString, firsts.contains(byte), let word = words.first(where: { self[position...].starts(with: $0) }) {
                result.append(contentsOf: "null".utf8)
                position += word.count
                continue
            }
            result.append(self[position])
            position += 1
        }
        return result
    }
}
