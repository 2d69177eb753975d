extension JSONValue {
    /// Over ten times the values in the header of the largest model; a malicious file must not fill the memory.
    package static let valueLimit = 1_000_000

    /// The value in `bytes`, allowing white space around it. A number beyond `Double` is refused.
    /// - Parameter keepsLast: whether a key may appear twice; the last member is kept, as in Python.
    /// - Complexity: O(bytes).
    package init(parsing bytes: [UInt8], valueLimit: Int = valueLimit, keepsLast: Bool = false) throws(JSONFault) {
        let document = try JSONDocument(bytes, valueLimit: valueLimit)
        var builder = JSONValueBuilder(document, keepsLast: keepsLast)
        self = try builder.value()
    }
}

/// Turns a document's nodes into values, one after the other.
private struct JSONValueBuilder {
    private let document: JSONDocument
    private let keepsLast: Bool
    /// The next node.
    private var index = 0

    init(_ document: JSONDocument, keepsLast: Bool) {
        self.document = document
        self.keepsLast = keepsLast
    }

    mutating func value() throws(JSONFault) -> JSONValue {
        let node = document.nodes[index]
        index += 1
        switch node.kind {
        case .object: return .object(try members(of: node))
        case .array: return .array(try elements(of: node))
        case .plainString, .escapedString: return .string(text(node))
        case .number: return try number(node)
        case .yes: return .bool(true)
        case .no: return .bool(false)
        case .null: return .null
        }
    }

    private mutating func elements(of node: JSONDocument.Node) throws(JSONFault) -> [JSONValue] {
        var elements: [JSONValue] = []
        elements.reserveCapacity(document.count(of: index - 1))
        while index < node.next { elements.append(try value()) }
        return elements
    }

    private mutating func members(of node: JSONDocument.Node) throws(JSONFault) -> [String: JSONValue] {
        var members = [String: JSONValue](minimumCapacity: document.count(of: index - 1) / 2)
        while index < node.next {
            let start = Int(document.nodes[index].start)
            let key = text(document.nodes[index])
            index += 1
            let isNew = members.updateValue(try value(), forKey: key) == nil
            guard isNew || keepsLast else { throw JSONFault(.duplicateKey(key), at: start) }
        }
        return members
    }

    private func text(_ node: JSONDocument.Node) -> String {
        let source = document.bytes[Int(node.start)..<Int(node.end)]
        return String(decoding: node.kind == .escapedString ? source.unescaped[...] : source, as: UTF8.self)
    }

    private func number(_ node: JSONDocument.Node) throws(JSONFault) -> JSONValue {
        let text = text(node)
        if let integer = Int(text) { return .integer(integer) }
        guard let double = Double(text), double.isFinite else { throw JSONFault(.badNumber, at: Int(node.start)) }
        return .number(double)
    }
}
