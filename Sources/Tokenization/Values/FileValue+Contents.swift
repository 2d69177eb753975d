internal import JSON

/// The keys and values of an object, one at a time: a small file can hold a million.
struct FileValueMembers: Sequence, IteratorProtocol {
    private let object: FileValue
    private var children: JSONChildren

    init(_ object: FileValue) {
        (self.object, children) = (object, object.document.children(of: object.node))
    }

    mutating func next() -> (name: String, value: FileValue)? {
        guard let key = children.next(), let value = children.next() else { return nil }
        let name = String(decoding: object.document.string(key)!, as: UTF8.self)
        return (name, object.child(value, path: object.path(to: name)))
    }
}

/// The values of an array, one at a time.
struct FileValueElements: Sequence, IteratorProtocol {
    private let array: FileValue
    private var children: JSONChildren
    private var index = 0

    init(_ array: FileValue) {
        (self.array, children) = (array, array.document.children(of: array.node))
    }

    mutating func next() -> FileValue? {
        guard let child = children.next() else { return nil }
        defer { index += 1 }
        return array.child(child, path: "\(array.path)[\(index)]")
    }
}
