/// A parsed JSON text: its bytes, and one node per value in document order, so that 280,000 merges need no allocation each.
///
/// Strings stay bytes: Swift's `String` equality is canonical equivalence, which would merge different tokens. Numbers keep their
/// spelling, and keys may appear twice: the reader decides what either means.
package struct JSONDocument: Sendable {
    enum Kind: UInt8 {
        case object, array, plainString, escapedString, number, yes, no, null
    }

    /// A value: bytes `start..<end` (for a string, between the quotes), and the index of the node after it and everything
    /// in it.
    struct Node {
        var kind: Kind
        var start: UInt32
        var end: UInt32
        var next: UInt32
    }

    let bytes: [UInt8]
    let nodes: [Node]

    /// Parses all of `bytes`, allowing white space around the value. The value's node is 0.
    /// - Parameters:
    ///   - start: where the text begins, for example after a byte order mark; offsets still count from the first byte.
    ///   - valueLimit: the largest number of values.
    /// - Complexity: O(bytes).
    package init(_ bytes: [UInt8], from start: Int = 0, valueLimit: Int = .max) throws(JSONFault) {
        self.bytes = bytes
        var parser = JSONParser(bytes, from: start, valueLimit: valueLimit)
        nodes = try parser.parse()
    }

    /// The end of the value that begins at `start`; nil if `bytes` do not contain all of it. Anything may follow.
    package static func end(ofValueAt start: Int, in bytes: [UInt8]) -> Int? {
        var parser = JSONParser(bytes, from: start, valueLimit: .max)
        return try? parser.end()
    }

    /// The indices of the members of the object or array at `node`; an object's keys and values alternate.
    package func children(of node: Int) -> JSONChildren {
        JSONChildren(nodes: nodes, index: node + 1, end: Int(nodes[node].next))
    }

    /// How many values the object or array at `node` has; in an object, keys count as well.
    package func count(of node: Int) -> Int {
        children(of: node).reduce(0) { count, _ in count + 1 }
    }

    package func kind(of node: Int) -> JSONKind {
        switch nodes[node].kind {
        case .object: .object
        case .array: .array
        case .plainString, .escapedString: .string
        case .number: .number
        case .yes, .no: .boolean
        case .null: .null
        }
    }

    /// The UTF-8 bytes of the string at `node`, escapes resolved; nil for other kinds.
    package func string(_ node: Int) -> ArraySlice<UInt8>? {
        switch nodes[node].kind {
        case .plainString: source(node)
        case .escapedString: source(node).unescaped[...]
        case .object, .array, .number, .yes, .no, .null: nil
        }
    }

    /// The flag at `node`; nil for other kinds.
    package func boolean(_ node: Int) -> Bool? {
        switch nodes[node].kind {
        case .yes: true
        case .no: false
        default: nil
        }
    }

    /// The bytes as written in the text; for a string, without the quotes.
    package func source(_ node: Int) -> ArraySlice<UInt8> {
        bytes[Int(nodes[node].start)..<Int(nodes[node].end)]
    }
}

extension ArraySlice<UInt8> {
    /// A string's value. The parser has checked every escape, so none fails.
    var unescaped: [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(count)
        var position = startIndex
        while position < endIndex {
            if self[position] == UInt8(ascii: "\\"), let scalar = try? JSONEscape.read(self, at: &position) {
                result.append(contentsOf: UTF8.encode(scalar)!)
            } else {
                result.append(self[position])
                position += 1
            }
        }
        return result
    }
}

/// See `JSONDocument.children(of:)`.
package struct JSONChildren: Sequence, IteratorProtocol {
    fileprivate let nodes: [JSONDocument.Node]
    fileprivate var index: Int
    fileprivate let end: Int

    package mutating func next() -> Int? {
        guard index < end else { return nil }
        defer { index = Int(nodes[index].next) }
        return index
    }
}
