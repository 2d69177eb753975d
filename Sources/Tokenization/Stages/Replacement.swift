/// Puts one text in the place of another wherever it stands (`Replace`, in normalizers and decoders).
struct Replacement: Sendable {
    private let pattern: [UInt8]
    private let content: [UInt8]

    init(of pattern: [UInt8], with content: [UInt8]) {
        self.pattern = pattern
        self.content = content
    }

    init(_ value: JSONValue) throws(TokenizerError) {
        let source = try value.required("pattern")
        if let expression = try source.member("Regex") {
            throw .unsupported(key: expression.path, value: "replacing what a regular expression matches in a token")
        }
        let literal = try source.required("String")
        pattern = try literal.utf8()
        guard !pattern.isEmpty else { throw .unsupported(key: literal.path, value: "replacing an empty text") }
        content = try value.required("content").utf8()
    }

    /// From left to right; what was put in is not looked at again.
    func apply(to utf8: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var result: [UInt8] = []
        var kept = utf8.startIndex
        var position = utf8.startIndex
        while let found = utf8[position...].firstIndex(of: pattern[0]) {
            guard utf8[found...].starts(with: pattern) else {
                position = found + 1
                continue
            }
            result += utf8[kept..<found]
            result += content
            position = found + pattern.count
            kept = position
        }
        guard kept > utf8.startIndex else { return utf8 }
        result += utf8[kept...]
        return result[...]
    }
}
