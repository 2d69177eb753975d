internal import JSON

/// The header of a safetensors file, checked against the file.
///
/// A file is a little-endian 64-bit length, a JSON object of that length, and the data. Every tensor must be inside the
/// data with the size given by its type and shape, and the tensors together must cover the data exactly once.
struct SafetensorsHeader {
    struct Entry {
        let name: String
        let elementType: ElementType
        let shape: [Int]
        /// In bytes from the start of the data.
        let range: Range<Int>
    }

    /// The limit the safetensors library sets.
    static let lengthLimit = 100_000_000

    /// In the order of their data.
    let entries: [Entry]
    let metadata: [String: String]
    /// Where the data begins in the file.
    private let dataStart: Int

    /// The range of an entry's elements, in bytes from the start of the file.
    func bytes(of entry: Entry) -> Range<Int> {
        dataStart + entry.range.lowerBound..<dataStart + entry.range.upperBound
    }

    init(of file: MappedFile) throws(CheckpointError) {
        do throws(SafetensorsFault) {
            let json = try Self.json(of: file)
            dataStart = json.end
            (entries, metadata) = try Self.entries(of: json.value, dataCount: file.byteCount - json.end)
        } catch {
            throw .malformed(file: file.url, fault: error)
        }
    }

    /// The header's JSON and where it ends.
    private static func json(of file: MappedFile) throws(SafetensorsFault) -> (value: JSONValue, end: Int) {
        guard file.byteCount >= 8 else { throw .tooShort(byteCount: file.byteCount) }
        let length = file.withBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
        guard length <= lengthLimit else {
            throw file.withBytes(wrongContent) ?? .headerTooLong(length: length, limit: lengthLimit)
        }
        let end = 8 + Int(length)
        guard end <= file.byteCount else { throw .headerPastEnd(length: Int(length), byteCount: file.byteCount) }
        let bytes = file.withBytes { Array($0[8..<end]) }
        do throws(JSONFault) {
            return (try JSONValue(parsing: bytes), end)
        } catch {
            throw .header(error)
        }
    }

    /// Common files that are not safetensors. The first bytes of each, read as a header's length, are far beyond the limit.
    private static func wrongContent(_ bytes: UnsafeRawBufferPointer) -> SafetensorsFault? {
        if let wrongContent = WrongContent(bytes) { return .wrongContent(wrongContent) }
        return bytes.starts(with: ZipArchive.signature) ? .zipArchive : nil
    }

    private static func entries(
        of json: JSONValue, dataCount: Int
    ) throws(SafetensorsFault) -> (entries: [Entry], metadata: [String: String]) {
        guard case .object(var members) = json else { throw .headerNotAnObject }
        let metadata = try metadata(members.removeValue(forKey: "__metadata__"))
        var entries: [Entry] = []
        entries.reserveCapacity(members.count)
        for (name, value) in members { entries.append(try entry(name, value)) }
        // An empty tensor comes before another that begins at the same place.
        entries.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
        try checkCover(entries, dataCount: dataCount)
        return (entries, metadata)
    }

    private static func metadata(_ value: JSONValue?) throws(SafetensorsFault) -> [String: String] {
        guard let value else { return [:] }
        guard case .object(let members) = value else { throw .metadata }
        var metadata: [String: String] = [:]
        for (key, member) in members {
            guard case .string(let text) = member else { throw .metadata }
            metadata[key] = text
        }
        return metadata
    }

    private static func entry(_ name: String, _ value: JSONValue) throws(SafetensorsFault) -> Entry {
        guard case .object(let members) = value, members.count == 3,
            case .string(let typeName)? = members["dtype"],
            let shape = members["shape"]?.naturals,
            let offsets = members["data_offsets"]?.naturals, offsets.count == 2
        else { throw .entry(tensor: name) }
        guard let elementType = ElementType(rawValue: typeName) else {
            throw .unknownElementType(tensor: name, found: typeName)
        }
        guard offsets[0] <= offsets[1] else { throw .offsets(tensor: name, start: offsets[0], end: offsets[1]) }
        guard let byteCount = elementType.byteCount(of: shape) else { throw .shapeOverflow(tensor: name, shape: shape) }
        guard offsets[1] - offsets[0] == byteCount else {
            throw .size(
                tensor: name, elementType: elementType, shape: shape, expected: byteCount, found: offsets[1] - offsets[0])
        }
        return Entry(name: name, elementType: elementType, shape: shape, range: offsets[0]..<offsets[1])
    }

    /// `entries` in the order of their data: each must begin where the last one ended.
    private static func checkCover(_ entries: [Entry], dataCount: Int) throws(SafetensorsFault) {
        var end = 0
        for (index, entry) in entries.enumerated() {
            guard entry.range.lowerBound >= end else {
                throw .overlap(tensor: entries[index - 1].name, other: entry.name)
            }
            guard entry.range.lowerBound == end else { throw .gap(from: end, to: entry.range.lowerBound) }
            end = entry.range.upperBound
        }
        guard end <= dataCount else { throw .truncated(expected: end, found: dataCount) }
        guard end == dataCount else { throw .trailing(expected: end, found: dataCount) }
    }
}

extension JSONValue {
    /// The elements of a list of integers that are not negative.
    fileprivate var naturals: [Int]? {
        guard case .array(let elements) = self else { return nil }
        var numbers: [Int] = []
        numbers.reserveCapacity(elements.count)
        for element in elements {
            guard case .integer(let number) = element, number >= 0 else { return nil }
            numbers.append(number)
        }
        return numbers
    }
}
