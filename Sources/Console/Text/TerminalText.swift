/// Text that a terminal can be shown: nothing in it but our own words can move the cursor, change colours or reorder a line.
///
/// Literals are ours and stay as they are written. What is interpolated is a stranger's and is spelled visibly where a
/// terminal would act on it, as JSON spells it: `\u001b`. Only this type can be written to the standard streams.
package struct TerminalText: Sendable, Equatable, ExpressibleByStringInterpolation {
    /// As it is written out.
    package private(set) var raw: String

    package init(stringLiteral text: String) { raw = text }

    package init(stringInterpolation text: StringInterpolation) { raw = text.raw }

    /// Text of several lines: its line breaks and tabs stay.
    package init(lines text: String) { raw = JSONText.escaped(text, as: .lines) }

    /// JSON that somebody else has written: it stays the same value.
    package init(json text: String) { raw = JSONText.escaped(text, as: .json) }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var raw = ""

        package init(literalCapacity: Int, interpolationCount: Int) { raw.reserveCapacity(literalCapacity) }

        package mutating func appendLiteral(_ text: String) { raw += text }

        package mutating func appendInterpolation(_ text: TerminalText) { raw += text.raw }

        package mutating func appendInterpolation(_ value: some Any) { raw += JSONText.escaped("\(value)", as: .shown) }
    }

    package static func + (a: TerminalText, b: TerminalText) -> TerminalText { "\(a)\(b)" }

    package static func += (a: inout TerminalText, b: TerminalText) { a.raw += b.raw }

    /// Whether a stranger's text is the same on a terminal.
    package static func showsAsItIs(_ text: String) -> Bool { JSONText.escaped(text, as: .shown) == text }

    package var isEmpty: Bool { raw.isEmpty }
}

extension Sequence<TerminalText> {
    package func joined(separator: TerminalText = "") -> TerminalText {
        var result: TerminalText = ""
        for (index, text) in enumerated() { result += index == 0 ? text : separator + text }
        return result
    }
}
