/// Compares lines of output: numbers within a tolerance, JSON strings and all else exactly, the amount of white space
/// between words not at all.
struct LineComparison {
    let tolerance: Tolerance

    func matches(_ a: String, _ b: String) -> Bool {
        if a == b { return true }
        let first = Self.pieces(of: a)
        let second = Self.pieces(of: b)
        guard first.count == second.count else { return false }
        return zip(first, second).allSatisfy { x, y in
            switch (x, y) {
            case (.space, .space): true
            case (.number(let x), .number(let y)): tolerance.allows(x, y)
            case (.text(let x), .text(let y)): x.unicodeScalars.elementsEqual(y.unicodeScalars)
            default: false
            }
        }
    }

    private enum Piece {
        case space
        case number(Substring)
        case text(Substring)
    }

    /// Takes a line apart. A number counts as one only if it is a word of its own: not within `3/412@9`.
    private static func pieces(of line: String) -> [Piece] {
        var pieces: [Piece] = []
        var rest = line[...]
        while let first = rest.unicodeScalars.first {
            if first.properties.isWhitespace {
                rest = rest[end(of: rest) { $0.properties.isWhitespace }...]
                if !pieces.isEmpty, !rest.isEmpty { pieces.append(.space) }
            } else if first == "\"", let (_, end) = try? JSONText.read(line, at: rest.startIndex) {
                pieces.append(.text(rest[..<end]))
                rest = rest[end...]
            } else if isSeparator(first) {
                let end = rest.unicodeScalars.index(after: rest.startIndex)
                pieces.append(.text(rest[..<end]))
                rest = rest[end...]
            } else {
                let word = rest[..<end(of: rest) { !$0.properties.isWhitespace && !isSeparator($0) && $0 != "\"" }]
                pieces.append(isNumber(word) ? .number(word) : .text(word))
                rest = rest[word.endIndex...]
                // A quote that opens no JSON string is a character like others.
                if word.isEmpty { pieces.append(.text(rest.prefix(1))); rest = rest.dropFirst() }
            }
        }
        return pieces
    }

    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool { ",;:=()[]{}|<>".unicodeScalars.contains(scalar) }

    /// Where the scalars at the text's beginning stop being so.
    private static func end(of text: Substring, where belongs: (Unicode.Scalar) -> Bool) -> String.Index {
        text.unicodeScalars.firstIndex { !belongs($0) } ?? text.endIndex
    }

    private static func isNumber(_ word: Substring) -> Bool {
        guard let first = word.utf8.first, word.utf8.allSatisfy({ "+-.eE0123456789".utf8.contains($0) }) else { return false }
        return first != UInt8(ascii: "e") && first != UInt8(ascii: "E") && Double(word) != nil
    }
}
