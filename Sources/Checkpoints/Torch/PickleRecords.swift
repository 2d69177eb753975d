/// Turns the results of a pickle into nested values.
struct PickleRecords {
    /// Deeper than any graph's dictionary, yet far from exhausting the stack.
    private static let depthLimit = 64

    private let heap: [PickleReader.Item]
    /// The values converted so far: shared values are converted once.
    private var done: [Int: TorchRecord] = [:]

    init(_ heap: [PickleReader.Item]) { self.heap = heap }

    /// - Throws: `.tooDeep`, also for a value that contains itself.
    mutating func record(_ value: PickleReader.Value, depth: Int = 0) throws(TorchFault) -> TorchRecord {
        switch value {
        case .none: return .none
        case .bool(let flag): return .bool(flag)
        case .int(let number): return .int(number)
        case .double(let number): return .double(number)
        case .string(let text): return .string(text)
        case .bytes(let bytes): return .bytes(bytes)
        case .global(let global): return .constant(global.name)
        case .item(let index):
            if let record = done[index] { return record }
            guard depth < Self.depthLimit else { throw .tooDeep(limit: Self.depthLimit) }
            let record = try record(of: heap[index], depth: depth + 1)
            done[index] = record
            return record
        }
    }

    private mutating func record(of item: PickleReader.Item, depth: Int) throws(TorchFault) -> TorchRecord {
        switch item.kind {
        case .list: return .list(try records(item.elements, depth))
        case .tuple: return .tuple(try records(item.elements, depth))
        case .dict: return .dict(try dictionary(item, depth))
        case .object(let name):
            var (arguments, attributes): ([TorchRecord], [String: TorchRecord]) = ([], [:])
            if case .tuple(let elements) = try record(item.arguments, depth: depth) { arguments = elements }
            if case .dict(let members) = try record(item.attributes, depth: depth) { attributes = members }
            return .object(name: name, arguments: arguments, attributes: attributes)
        case .numPyType(let code): return .constant("numpy.\(code)")
        case .storage(let storage): return .constant("data/\(storage.key)")
        case .tensor(let tensor): return .tensor(tensor)
        }
    }

    private mutating func records(_ values: [PickleReader.Value], _ depth: Int) throws(TorchFault) -> [TorchRecord] {
        var records: [TorchRecord] = []
        records.reserveCapacity(values.count)
        for value in values { records.append(try record(value, depth: depth)) }
        return records
    }

    /// If a key appears twice the last value counts, as in Python.
    private mutating func dictionary(_ item: PickleReader.Item, _ depth: Int) throws(TorchFault) -> [String: TorchRecord] {
        var members: [String: TorchRecord] = [:]
        for (key, value) in zip(item.keys, item.elements) { members[key] = try record(value, depth: depth) }
        return members
    }
}
