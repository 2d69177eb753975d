internal import Foundation

/// A parsed JSON text: its bytes, and one node a value in document order, so that 280,000 merges cost no allocation each.
///
/// Strings stay bytes: Swift's `String` equality is canonical equivalence, which would join tokens that differ.
struct JSONDocument: Sendable {
    enum Kind: UInt8 {
        case object, array, plainString, escapedString, number, yes, no, null
    }

    /// A value: bytes `start..<end` (of strings, what is between the quotes), and the index of the node after it and
    /// all it holds.
    struct Node {
        var kind: Kind
        var start: UInt32
        var end: UInt32
        var next: UInt32
    }

    let file: TokenizerFile
    let bytes: [UInt8]
    let nodes: [Node]

    /// - Complexity: O(bytes).
    init(_ data: Data, file: TokenizerFile) throws(TokenizerError) {
        self.file = file
        bytes = [UInt8](data)
        var parser = JSONParser(file: file, bytes: bytes)
        nodes = try parser.parse()
    }

    var root: JSONValue { JSONValue(document: self, node: 0, path: "") }

    /// The indices of what the object or array at `node` holds; an object's keys and values alternate.
    func children(of node: Int) -> JSONChildren {
        JSONChildren(nodes: nodes, index: node + 1, end: Int(nodes[node].next))
    }

    /// How many values the object or array at `node` holds; of an object, keys count as well.
    func count(of node: Int) -> Int {
        children(of: node).reduce(0) { count, _ in count + 1 }
    }

    func kind(of node: Int) -> JSONKind {
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
    func string(_ node: Int) -> ArraySlice<UInt8>? {
        let raw = source(node)
        switch nodes[node].kind {
        case .plainString: return raw
        case .escapedString: return unescaped(raw)[...]
        case .object, .array, .number, .yes, .no, .null: return nil
        }
    }

    /// The bytes as they stand in the file.
    func source(_ node: Int) -> ArraySlice<UInt8> {
        bytes[Int(nodes[node].start)..<Int(nodes[node].end)]
    }

    /// The number at `node` where it is an integer from 0 to 2^31 - 1.
    func id(_ node: Int) -> Int32? {
        guard nodes[node].kind == .number else { return nil }
        var value: Int32 = 0
        for byte in source(node) {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carried) = shifted.addingReportingOverflow(Int32(byte - UInt8(ascii: "0")))
            guard !overflow, !carried else { return nil }
            value = sum
        }
        return value
    }

    /// A short excerpt for errors.
    func excerpt(_ node: Int) -> String {
        let raw = source(node)
        return String(decoding: raw.prefix(40), as: UTF8.self) + (raw.count > 40 ? "..." : "")
    }

    /// The parser has checked every escape, so this cannot fail.
    private func unescaped(_ raw: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(raw.count)
        var escapes = JSONEscapes(raw)
        while let unit = escapes.next() {
            switch unit {
            case .byte(let byte): result.append(byte)
            case .scalar(let scalar): result.append(contentsOf: UTF8.encode(scalar)!)
            case .invalid: preconditionFailure("an escape the parser let through")
            }
        }
        return result
    }
}

/// See `JSONDocument.children(of:)`.
struct JSONChildren: Sequence, IteratorProtocol {
    fileprivate let nodes: [JSONDocument.Node]
    fileprivate var index: Int
    fileprivate let end: Int

    mutating func next() -> Int? {
        guard index < end else { return nil }
        defer { index = Int(nodes[index].next) }
        return index
    }
}
