internal import JSON

/// Reading `merges`: lines "a b", or pairs ["a", "b"] in newer files.
extension BytePairModel {
    static func merges(
        _ value: FileValue, _ vocabulary: Vocabulary
    ) throws(TokenizerError) -> MergeTable {
        guard value.kind == .array else { throw value.wrongType(.array) }
        let document = value.document
        var merges = MergeTable(capacity: document.count(of: value.node))
        var joined: [UInt8] = []
        var children = document.children(of: value.node)
        var index = 0
        while let child = children.next() {
            defer { index += 1 }
            // Old files keep merges.txt's first line.
            if index == 0, let line = document.string(child), line.starts(with: "#version".utf8) { continue }
            guard let (left, right) = pair(child, document) else {
                throw .badMerge(key: "\(value.path)[\(index)]", found: document.excerpt(child))
            }
            joined.removeAll(keepingCapacity: true)
            joined.append(contentsOf: left)
            joined.append(contentsOf: right)
            guard let leftID = vocabulary.id(of: left) else { throw unknown(left, value, index) }
            guard let rightID = vocabulary.id(of: right) else { throw unknown(right, value, index) }
            guard let id = vocabulary.id(of: joined[...]) else { throw unknown(joined[...], value, index) }
            // The reference keeps the later rank of a merge that is listed twice.
            merges.set(leftID, rightID, to: .init(rank: Int32(index), id: id))
        }
        return merges
    }

    /// The two tokens of one merge; nil if it has neither form.
    private static func pair(
        _ node: Int, _ document: JSONDocument
    ) -> (ArraySlice<UInt8>, ArraySlice<UInt8>)? {
        if let line = document.string(node) {
            let space = UInt8(ascii: " ")
            guard let middle = line.firstIndex(of: space), !line[(middle + 1)...].contains(space) else { return nil }
            return (line[..<middle], line[(middle + 1)...])
        }
        guard document.kind(of: node) == .array else { return nil }
        var children = document.children(of: node)
        guard let first = children.next(), let second = children.next(), children.next() == nil,
            let left = document.string(first), let right = document.string(second)
        else { return nil }
        return (left, right)
    }

    private static func unknown(_ token: ArraySlice<UInt8>, _ value: FileValue, _ index: Int) -> TokenizerError {
        .missingToken(key: "\(value.path)[\(index)]", token: String(decoding: token, as: UTF8.self))
    }
}
