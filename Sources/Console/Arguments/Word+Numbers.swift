internal import Checkpoints

extension Word {
    /// A whole number that is at least `low`.
    ///
    /// - Parameter what: what it counts, for the error, for example "the number of tokens".
    func integer(_ what: String, atLeast low: Int = 0) throws(ConsoleError) -> Int {
        guard spelling == .bare, let value = Int(text) else {
            // With its sign, if it has one.
            let digits = text.first == "-" || text.first == "+" ? text.dropFirst() : text[...]
            if spelling == .bare, !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
                throw ConsoleError("\(text) is too \(text.first == "-" ? "small" : "large")", at: range)
            }
            throw ConsoleError("\(typed) is not a whole number; \(what) is needed here", at: range)
        }
        if value < low { throw ConsoleError("\(what.capitalizedFirst) must be at least \(low)", at: range) }
        return value
    }

    /// A seed: a whole number from 0.
    func seed() throws(ConsoleError) -> UInt64 {
        guard spelling == .bare, let value = UInt64(text) else {
            throw ConsoleError("\(typed) is not a seed; a seed is a whole number from 0", at: range)
        }
        return value
    }

    /// A finite number.
    func number(_ what: String) throws(ConsoleError) -> Float {
        guard spelling == .bare, let value = Float(text), !text.lowercased().hasPrefix("0x"), !value.isNaN else {
            throw ConsoleError("\(typed) is not a number; \(what) is needed here", at: range)
        }
        if !value.isFinite { throw ConsoleError("\(typed) is not a finite number that fits 32 bits", at: range) }
        return value
    }

    /// A number from `low` to `high`.
    func number(_ what: String, in bounds: ClosedRange<Float>) throws(ConsoleError) -> Float {
        let value = try number(what)
        if !bounds.contains(value) {
            let span = "from \(plain(bounds.lowerBound)) to \(plain(bounds.upperBound))"
            throw ConsoleError("\(what.capitalizedFirst) must be \(span)", at: range)
        }
        return value
    }

    private func plain(_ value: Float) -> String { NumberStyle.significant(6).text(Double(value)) }

    /// One of a few words, or an unambiguous beginning of one.
    func choice(of names: [String]) throws(ConsoleError) -> String {
        if names.contains(text) { return text }
        let candidates = text.isEmpty ? [] : names.filter { $0.hasPrefix(text) }
        if candidates.count == 1 { return candidates[0] }
        throw ConsoleError(
            "\(typed) is not one of \(names.joined(separator: ", "))", at: range, suggestion: nearest(to: text, among: names))
    }

    func choice<Choice: RawRepresentable & CaseIterable>(of: Choice.Type) throws(ConsoleError) -> Choice
    where Choice.RawValue == String {
        let name = try choice(of: Choice.allCases.map(\.rawValue))
        return Choice(rawValue: name)!
    }

    /// `on` or `off`.
    func onOff() throws(ConsoleError) -> Bool { try choice(of: ["on", "off"]) == "on" }
}
