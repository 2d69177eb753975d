#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// How a number is written for people; data formats give it in full.
enum NumberStyle: Sendable, Equatable {
    /// A number of digits after the point.
    case decimals(Int)
    /// The same with a sign: for changes.
    case signedDecimals(Int)
    /// A number of significant digits, with an exponent if that is shorter.
    case significant(Int)
    /// The same with a sign.
    case signedSignificant(Int)
    /// Four digits after the point; below 0.001 two that count, with an exponent, so that no small one reads like none.
    case probability
    /// The same with a sign.
    case signedProbability

    func text(_ value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
        return switch self {
        case .decimals(let digits): withoutMinusZero(formatted("%.\(digits)f", value))
        case .signedDecimals(let digits): withoutMinusZero(formatted("%+.\(digits)f", value))
        case .significant(let digits): withoutMinusZero(formatted("%.\(digits)g", value))
        case .signedSignificant(let digits): value == 0 ? "0" : formatted("%+.\(digits)g", value)
        case .probability: probability(value, sign: "")
        case .signedProbability: probability(value, sign: "+")
        }
    }

    private func probability(_ value: Double, sign: String) -> String {
        if value == 0 { return "0" }
        // What rounds to 0.001 is written so.
        return formatted(abs(value) < 0.000995 ? "%\(sign).1e" : "%\(sign).4f", value)
    }

    /// "-0.000" and "-0" read like a finding.
    private func withoutMinusZero(_ text: String) -> String {
        !text.hasPrefix("-") || text.contains { ("1"..."9").contains($0) } ? text : String(text.dropFirst())
    }

    private func formatted(_ format: String, _ value: Double) -> String {
        withVaList([value]) { arguments in
            withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { buffer in
                let length = vsnprintf(buffer.baseAddress, buffer.count, format, arguments)
                return String(decoding: buffer.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
            }
        }
    }
}

/// A count as people read it: `812`, `1.7 M`.
func countText(_ count: Int) -> String {
    if count < 10_000 { return "\(count)" }
    if count < 1_000_000 { return "\(NumberStyle.decimals(1).text(Double(count) / 1e3)) k" }
    if count < 1_000_000_000 { return "\(NumberStyle.decimals(1).text(Double(count) / 1e6)) M" }
    return "\(NumberStyle.decimals(2).text(Double(count) / 1e9)) G"
}

/// A span of time as people read it: `0.42 ms`, `1.24 s`, `2 min 05 s`, `3 h 20 min`, `12 d 4 h`.
func timeText(_ seconds: Double) -> String {
    if seconds < 0.1 { return "\(NumberStyle.significant(3).text(seconds * 1000)) ms" }
    if seconds < 60 { return "\(NumberStyle.significant(3).text(seconds)) s" }
    let whole = Int(min(seconds, 1e9))
    func two(_ large: Int, _ largeName: String, _ small: Int, _ smallName: String) -> String {
        "\(large) \(largeName) \(small < 10 ? "0" : "")\(small) \(smallName)"
    }
    if whole < 3600 { return two(whole / 60, "min", whole % 60, "s") }
    if whole < 86_400 { return two(whole / 3600, "h", whole / 60 % 60, "min") }
    return "\(whole / 86_400) d \(whole / 3600 % 24) h"
}
