internal import Foundation
internal import JSON

/// A value in a file that describes a tokenizer, and the path to it; the accessors throw the errors for missing or wrong values.
struct FileValue {
    let file: TokenizerFile
    let document: JSONDocument
    let node: Int
    /// For example `pre_tokenizer.pretokenizers[0]`; empty for the root.
    let path: String

    /// The root of a file.
    /// - Complexity: O(bytes).
    init(_ data: Data, file: TokenizerFile) throws(TokenizerError) {
        let bytes = [UInt8](data)
        try TokenizerFiles.expect(bytes.count, of: file)
        do throws(JSONFault) {
            document = try JSONDocument(bytes, from: bytes.starts(with: byteOrderMark) ? byteOrderMark.count : 0)
        } catch {
            throw .malformed(file, error)
        }
        self.file = file
        node = 0
        path = ""
    }

    private init(_ node: Int, of parent: FileValue, path: String) {
        file = parent.file
        document = parent.document
        self.node = node
        self.path = path
    }

    /// The member or element at `node`.
    func child(_ node: Int, path: String) -> FileValue { FileValue(node, of: self, path: path) }

    /// The path to a member of this object.
    func path(to name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    var kind: JSONKind { document.kind(of: node) }

    /// The member called `name`; nil if it is absent or null, which mean the same in all these files.
    func member(_ name: String) throws(TokenizerError) -> FileValue? {
        guard let found = try node(called: name) else { return nil }
        let value = child(found, path: path(to: name))
        return value.kind == .null ? nil : value
    }

    /// Whether there is a member called `name`, null or not.
    func mentions(_ name: String) throws(TokenizerError) -> Bool { try node(called: name) != nil }

    /// More keys than any object has that is searched by name; each search goes through all of them.
    private static let keyLimit = 10_000

    private func node(called name: String) throws(TokenizerError) -> Int? {
        guard kind == .object else { throw wrongType(.object) }
        var (found, count): (Int?, Int) = (nil, 0)
        var children = document.children(of: node)
        while let key = children.next(), let value = children.next() {
            count += 1
            guard count <= Self.keyLimit else { throw .tooManyKeys(file, key: path, limit: Self.keyLimit) }
            guard document.string(key)!.elementsEqual(name.utf8) else { continue }
            guard found == nil else { throw .repeatedKey(file, key: path(to: name)) }
            found = value
        }
        return found
    }

    /// Keys and values of an object, in the file's order.
    func members() throws(TokenizerError) -> FileValueMembers {
        guard kind == .object else { throw wrongType(.object) }
        return FileValueMembers(self)
    }

    func required(_ name: String) throws(TokenizerError) -> FileValue {
        guard let value = try member(name) else { throw .missing(file, key: path(to: name)) }
        return value
    }

    /// What an array holds, in order.
    func elements() throws(TokenizerError) -> FileValueElements {
        guard kind == .array else { throw wrongType(.array) }
        return FileValueElements(self)
    }

    func utf8() throws(TokenizerError) -> [UInt8] {
        guard let bytes = document.string(node) else { throw wrongType(.string) }
        return Array(bytes)
    }

    func string() throws(TokenizerError) -> String {
        String(decoding: try utf8(), as: UTF8.self)
    }

    func bool() throws(TokenizerError) -> Bool {
        guard let flag = document.boolean(node) else { throw wrongType(.boolean) }
        return flag
    }

    func double() throws(TokenizerError) -> Double {
        guard kind == .number else { throw wrongType(.number) }
        return Double(String(decoding: document.source(node), as: UTF8.self)) ?? .infinity
    }

    /// A token id.
    func id() throws(TokenizerError) -> Int32 {
        guard let id = document.id(node) else { throw .badID(file, key: path, found: document.excerpt(node)) }
        return id
    }

    /// A count.
    func count() throws(TokenizerError) -> Int {
        guard let count = document.id(node) else { throw .badCount(key: path, found: document.excerpt(node)) }
        return Int(count)
    }

    /// The member `name` as a flag, or the reference's default if it is absent.
    func flag(_ name: String, default absent: Bool) throws(TokenizerError) -> Bool {
        guard let value = try member(name) else { return absent }
        return try value.bool()
    }

    func wrongType(_ expected: JSONKind) -> TokenizerError {
        .type(file, key: path.isEmpty ? "the root" : path, expected: expected, found: kind)
    }
}

extension JSONDocument {
    /// The number at `node` if it is an integer from 0 to 2^31 - 1.
    func id(_ node: Int) -> Int32? {
        guard kind(of: node) == .number else { return nil }
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
}
