/// Replaces every occurrence of one text by another (`Replace`, in normalizers and decoders).
struct ReplaceStage: Sendable {
    private let pattern: [UInt8]
    private let content: [UInt8]
    /// For each prefix of the pattern, the length of its longest proper prefix that is also its suffix (Knuth, Morris and Pratt).
    private let fallbacks: [Int]

    /// - Parameter pattern: not empty.
    init(of pattern: [UInt8], with content: [UInt8]) {
        self.pattern = pattern
        self.content = content
        var fallbacks = [0]
        for byte in pattern.dropFirst() {
            var length = fallbacks[fallbacks.count - 1]
            while length > 0, pattern[length] != byte { length = fallbacks[length - 1] }
            fallbacks.append(pattern[length] == byte ? length + 1 : 0)
        }
        self.fallbacks = fallbacks
    }

    init(_ value: FileValue) throws(TokenizerError) {
        let source = try value.required("pattern")
        if let expression = try source.member("Regex") {
            throw .unsupported(key: expression.path, value: "replacing what a regular expression matches in a token")
        }
        let literal = try source.required("String")
        let pattern = try literal.utf8()
        guard !pattern.isEmpty else { throw .unsupported(key: literal.path, value: "replacing an empty text") }
        self.init(of: pattern, with: try value.required("content").utf8())
    }

    /// How many times longer a text can become.
    var growth: Int { max(1, (content.count + pattern.count - 1) / pattern.count) }

    /// Works from left to right; replacements are not searched again.
    func apply(to utf8: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var result: [UInt8] = []
        var kept = utf8.startIndex
        var found = 0
        for position in utf8.indices {
            while found > 0, pattern[found] != utf8[position] { found = fallbacks[found - 1] }
            if pattern[found] == utf8[position] { found += 1 }
            guard found == pattern.count else { continue }
            result += utf8[kept...position].dropLast(found)
            result += content
            kept = position + 1
            found = 0
        }
        guard kept > utf8.startIndex else { return utf8 }
        result += utf8[kept...]
        return result[...]
    }
}
