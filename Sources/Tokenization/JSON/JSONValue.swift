/// One value of a `JSONDocument` and the path to it; the accessors throw what a reader would have to say anyway.
struct JSONValue {
    let document: JSONDocument
    let node: Int
    /// `pre_tokenizer.pretokenizers[0]` say; empty for the root.
    let path: String

    var kind: JSONKind { document.kind(of: node) }

    /// The member called `name`; nil where it is absent or null, which mean the same in all our files.
    func member(_ name: String) throws(TokenizerError) -> JSONValue? {
        guard kind == .object else { throw wrongType(.object) }
        var found: JSONValue?
        var children = document.children(of: node)
        while let key = children.next(), let value = children.next() {
            guard document.string(key)!.elementsEqual(name.utf8) else { continue }
            let path = path.isEmpty ? name : "\(path).\(name)"
            guard found == nil else { throw .repeatedKey(document.file, key: path) }
            found = JSONValue(document: document, node: value, path: path)
        }
        return found?.kind == .null ? nil : found
    }

    /// Whether there is a member called `name`, null or not.
    func mentions(_ name: String) throws(TokenizerError) -> Bool {
        guard kind == .object else { throw wrongType(.object) }
        var children = document.children(of: node)
        while let key = children.next(), children.next() != nil {
            if document.string(key)!.elementsEqual(name.utf8) { return true }
        }
        return false
    }

    /// Keys and values of an object, in the file's order.
    func members() throws(TokenizerError) -> [(name: String, value: JSONValue)] {
        guard kind == .object else { throw wrongType(.object) }
        var members: [(name: String, value: JSONValue)] = []
        var children = document.children(of: node)
        while let key = children.next(), let value = children.next() {
            let name = String(decoding: document.string(key)!, as: UTF8.self)
            members.append((name, JSONValue(document: document, node: value, path: path.isEmpty ? name : "\(path).\(name)")))
        }
        return members
    }

    func required(_ name: String) throws(TokenizerError) -> JSONValue {
        guard let value = try member(name) else {
            throw .missing(document.file, key: path.isEmpty ? name : "\(path).\(name)")
        }
        return value
    }

    func elements() throws(TokenizerError) -> [JSONValue] {
        guard kind == .array else { throw wrongType(.array) }
        return document.children(of: node).enumerated().map { offset, child in
            JSONValue(document: document, node: child, path: "\(path)[\(offset)]")
        }
    }

    func utf8() throws(TokenizerError) -> [UInt8] {
        guard let bytes = document.string(node) else { throw wrongType(.string) }
        return Array(bytes)
    }

    func string() throws(TokenizerError) -> String {
        String(decoding: try utf8(), as: UTF8.self)
    }

    func bool() throws(TokenizerError) -> Bool {
        guard kind == .boolean else { throw wrongType(.boolean) }
        return document.nodes[node].kind == .yes
    }

    func double() throws(TokenizerError) -> Double {
        guard kind == .number else { throw wrongType(.number) }
        return Double(String(decoding: document.source(node), as: UTF8.self)) ?? .infinity
    }

    /// A token id.
    func id() throws(TokenizerError) -> Int32 {
        guard let id = document.id(node) else { throw .badID(document.file, key: path, found: document.excerpt(node)) }
        return id
    }

    /// A number of things.
    func count() throws(TokenizerError) -> Int {
        guard let count = document.id(node) else { throw .badCount(key: path, found: document.excerpt(node)) }
        return Int(count)
    }

    /// The member `name` as a flag, or what the reference takes where it is absent.
    func flag(_ name: String, default absent: Bool) throws(TokenizerError) -> Bool {
        guard let value = try member(name) else { return absent }
        return try value.bool()
    }

    func wrongType(_ expected: JSONKind) -> TokenizerError {
        .type(document.file, key: path.isEmpty ? "the root" : path, expected: expected, found: kind)
    }
}
