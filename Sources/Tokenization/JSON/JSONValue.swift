/// One value of a `JSONDocument` and the path to it; the accessors throw what a reader would have to say anyway.
struct JSONValue {
    let document: JSONDocument
    let node: Int
    /// `pre_tokenizer.pretokenizers[0]` say; empty for the root.
    let path: String

    var kind: JSONKind { document.kind(of: node) }

    /// The member called `name`; nil where it is absent or null, which mean the same in all our files.
    func member(_ name: String) throws(TokenizerError) -> JSONValue? {
        guard let found = try node(called: name) else { return nil }
        let value = JSONValue(document: document, node: found, path: path.isEmpty ? name : "\(path).\(name)")
        return value.kind == .null ? nil : value
    }

    /// Whether there is a member called `name`, null or not.
    func mentions(_ name: String) throws(TokenizerError) -> Bool { try node(called: name) != nil }

    /// More keys than any object has in which one is looked for by its name; each look goes through all of them.
    private static let keyLimit = 10_000

    private func node(called name: String) throws(TokenizerError) -> Int? {
        guard kind == .object else { throw wrongType(.object) }
        var (found, count): (Int?, Int) = (nil, 0)
        var children = document.children(of: node)
        while let key = children.next(), let value = children.next() {
            count += 1
            guard count <= Self.keyLimit else { throw .tooManyKeys(document.file, key: path, limit: Self.keyLimit) }
            guard document.string(key)!.elementsEqual(name.utf8) else { continue }
            guard found == nil else { throw .repeatedKey(document.file, key: path.isEmpty ? name : "\(path).\(name)") }
            found = value
        }
        return found
    }

    /// Keys and values of an object, in the file's order.
    func members() throws(TokenizerError) -> JSONMembers {
        guard kind == .object else { throw wrongType(.object) }
        return JSONMembers(self)
    }

    func required(_ name: String) throws(TokenizerError) -> JSONValue {
        guard let value = try member(name) else {
            throw .missing(document.file, key: path.isEmpty ? name : "\(path).\(name)")
        }
        return value
    }

    /// What an array holds, in order.
    func elements() throws(TokenizerError) -> JSONElements {
        guard kind == .array else { throw wrongType(.array) }
        return JSONElements(self)
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
