/// How far numbers in a transcript may be off.
///
/// The defaults are above what another processor's rounding moves, and below what a wrong sign or layer would.
struct Tolerance: Equatable {
    var relative = 1e-3
    var absolute = 1e-4

    init() {}

    /// From words such as `1e-3 relative, 1e-4 absolute`, in either order, one or both.
    init?(words: some Sequence<Substring>) {
        var value: Double?
        var found = 0
        for word in words {
            let word = word.last == "," ? word.dropLast() : word
            if let number = Double(word), number >= 0, number.isFinite, value == nil {
                value = number
            } else if word == "relative" || word == "absolute", let given = value {
                if word == "relative" { relative = given } else { absolute = given }
                value = nil
                found += 1
            } else {
                return nil
            }
        }
        if found == 0 || value != nil { return nil }
    }

    /// Whether two numbers, as they are printed, may be the same number.
    ///
    /// Whole numbers are counts, positions and ranks: these must be equal. Others may also differ by one in the last
    /// place printed, since the least difference can round either way. A small number may be rounded to decimals on one side and
    /// have an exponent on the other: `0.0005` and `4.6e-04`.
    func allows(_ a: Substring, _ b: Substring) -> Bool {
        if a == b { return true }
        guard let x = Double(a), let y = Double(b), x.isFinite, y.isFinite else { return false }
        if Int(a) != nil, Int(b) != nil { return false }
        if Self.isRounding(a, b) { return true }
        let lastPlace = min(max(Self.lastPlace(of: a), Self.lastPlace(of: b)), max(abs(x), abs(y)) * 0.01 + absolute)
        return abs(x - y) <= (absolute + relative * max(abs(x), abs(y)) + lastPlace) * (1 + 1e-9)
    }

    /// Whether one of them has an exponent, and rounds to the other's decimals.
    private static func isRounding(_ a: Substring, _ b: Substring) -> Bool {
        func hasExponent(_ text: Substring) -> Bool { text.contains { $0 == "e" || $0 == "E" } }
        guard hasExponent(a) != hasExponent(b), let x = Double(a), let y = Double(b) else { return false }
        let decimals = hasExponent(a) ? b : a
        return decimals.contains(".") && abs(x - y) <= 0.5 * lastPlace(of: decimals) * (1 + 1e-9)
    }

    /// What one in the last printed place is worth: 0.01 in `3.14`, 1e-7 in `2.5e-06`.
    private static func lastPlace(of text: Substring) -> Double {
        let parts = text.lowercased().split(separator: "e", maxSplits: 1)
        let digits = parts[0].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let exponent = parts.count == 2 ? Int(parts[1]) ?? 0 : 0
        let decimals = digits.count == 2 ? digits[1].count : 0
        return Double("1e\(exponent - decimals)") ?? 0
    }
}
