/// The keys and values of an object, one at a time: a small file can hold a million.
struct JSONMembers: Sequence, IteratorProtocol {
    private let object: JSONValue
    private var children: JSONChildren

    init(_ object: JSONValue) {
        (self.object, children) = (object, object.document.children(of: object.node))
    }

    mutating func next() -> (name: String, value: JSONValue)? {
        guard let key = children.next(), let value = children.next() else { return nil }
        let name = String(decoding: object.document.string(key)!, as: UTF8.self)
        let path = object.path.isEmpty ? name : "\(object.path).\(name)"
        return (name, JSONValue(document: object.document, node: value, path: path))
    }
}

/// The values of an array, one at a time.
struct JSONElements: Sequence, IteratorProtocol {
    private let array: JSONValue
    private var children: JSONChildren
    private var index = 0

    init(_ array: JSONValue) {
        (self.array, children) = (array, array.document.children(of: array.node))
    }

    mutating func next() -> JSONValue? {
        guard let child = children.next() else { return nil }
        defer { index += 1 }
        return JSONValue(document: array.document, node: child, path: "\(array.path)[\(index)]")
    }
}
