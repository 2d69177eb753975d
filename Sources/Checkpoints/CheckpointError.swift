public import Foundation

/// What went wrong between a reference and its tensors, as facts. `description` makes the sentence.
public enum CheckpointError: Error, Sendable, Equatable {
    // Files.
    case unreadable(file: URL, reason: SystemError)
    case notRegular(file: URL)
    /// A file of text with more bytes than are read.
    case tooLong(file: URL, byteCount: Int, limit: Int)
    /// A folder that is there, without a file that it needs.
    case missingFile(name: String, folder: URL)
    case unwritable(file: URL, reason: SystemError)

    // Safetensors.
    case malformed(file: URL, fault: SafetensorsFault)
    case missingTensor(name: String, files: [URL], near: [String])
    case shape(tensor: String, expected: [Int], found: [Int], file: URL)
    case rank(tensor: String, expected: ClosedRange<Int>, found: [Int], file: URL)
    case elementType(tensor: String, expected: [ElementType], found: ElementType, file: URL)
    case integerTooLarge(tensor: String, value: UInt64, file: URL)
    /// No memory for a copy of a tensor.
    case memory(tensor: String, byteCount: Int, file: URL)

    // Zip and NumPy archives.
    case zip(file: URL, fault: ZipFault)
    case numPy(file: URL, member: String, fault: NumPyFault)

    // PyTorch's files.
    case torch(file: URL, fault: TorchFault)

    // Folders of safetensors.
    case noWeights(folder: URL, found: OtherWeights)
    case missingShards(index: URL, shards: [String])

    // References and the cache.
    case reference(text: String, fault: ReferenceFault)
    case repositoryNotCached(reference: HubReference, caches: [URL], near: [String])
    case revisionNotCached(reference: HubReference, repository: URL, known: [String])
    case pathNotCached(reference: HubReference, snapshot: URL, near: [String])
    case brokenLink(reference: HubReference, file: URL)
    /// A folder of the cache, of a repository, or of a snapshot that is a link to a place that is not there.
    case lostFolder(reference: HubReference, link: URL, target: String)
    /// A folder of a snapshot that a download would follow out of it.
    case strayLink(reference: HubReference, folder: URL, target: URL)

    // JSON and YAML.
    case notJSON(file: URL, fault: JSONFault)
    case notYAML(file: URL, line: Int?, problem: String)
    case missingKey(file: URL, key: String)
    case unknownKey(file: URL, key: String, near: [String])
    case keyType(file: URL, key: String, expected: String, found: String)
    case keyValue(file: URL, key: String, found: String, allowed: [String])
    case keyAlone(file: URL, key: String, needs: String)
    case keyConflict(file: URL, keys: [String])
    case unsupportedKey(file: URL, key: String)
}

/// What keeps a file from being a safetensors file. Offsets and lengths are in bytes.
public enum SafetensorsFault: Error, Sendable, Equatable {
    case tooShort(byteCount: Int)
    case impostor(Impostor)
    case zipArchive
    case headerTooLong(length: UInt64, limit: Int)
    case headerPastEnd(length: Int, byteCount: Int)
    case header(JSONFault)
    case headerNotAnObject
    case metadata
    case entry(tensor: String)
    case unknownElementType(tensor: String, found: String)
    case shapeOverflow(tensor: String, shape: [Int])
    case offsets(tensor: String, start: Int, end: Int)
    case size(tensor: String, elementType: ElementType, shape: [Int], expected: Int, found: Int)
    case overlap(tensor: String, other: String)
    case gap(from: Int, to: Int)
    /// The tensors end at `expected`, the file's data at `found`.
    case truncated(expected: Int, found: Int)
    case trailing(expected: Int, found: Int)
}

/// What keeps a text from naming something on the hub.
public enum ReferenceFault: Error, Sendable, Equatable {
    case noRepository
    case badName(String)
    case badPath(String)
    case badRevision(String)
    case badQuery(String)
}
