package import Foundation
package import JSON

/// What went wrong between a reference and its tensors.
package enum CheckpointError: Error, Sendable, Equatable {
    // Files.
    /// A file that cannot be read.
    case unreadable(file: URL, reason: SystemError)
    /// A folder, a pipe, a device or a link instead of a file.
    case notRegular(file: URL)
    /// A text file over the size limit.
    case tooLong(file: URL, byteCount: Int, limit: Int)
    /// A folder without a required file.
    case missingFile(name: String, folder: URL)
    /// A file that cannot be written.
    case unwritable(file: URL, reason: SystemError)

    // Safetensors.
    /// A file that is not a complete safetensors file.
    case malformed(file: URL, fault: SafetensorsFault)
    /// A tensor that none of the files has; similar names.
    case missingTensor(name: String, files: [URL], near: [String])
    /// A tensor of the wrong shape.
    case shape(tensor: String, expected: [Int], found: [Int], file: URL)
    /// A tensor with the wrong number of dimensions.
    case rank(tensor: String, expected: ClosedRange<Int>, found: [Int], file: URL)
    /// A tensor with the wrong element type.
    case elementType(tensor: String, expected: [ElementType], found: ElementType, file: URL)
    /// An integer beyond an `Int`.
    case integerTooLarge(tensor: String, value: UInt64, file: URL)
    /// No memory for a copy of a tensor.
    case memory(tensor: String, byteCount: Int, file: URL)

    // Zip and NumPy archives.
    /// An incomplete or damaged zip archive.
    case zip(file: URL, fault: ZipFault)
    /// A member of an npz that is not a supported array.
    case numPy(file: URL, member: String, fault: NumPyFault)

    // PyTorch's files.
    /// A PyTorch file that is not supported.
    case torch(file: URL, fault: TorchFault)

    // Folders of safetensors.
    /// A folder without safetensors; what it has instead.
    case noWeights(folder: URL, found: OtherWeights)
    /// Missing files that an index names.
    case missingShards(index: URL, shards: [String])

    // References and the cache.
    /// A text that is not a valid reference.
    case reference(text: String, fault: ReferenceFault)
    /// A repository that is in none of the caches; similar names that are.
    case repositoryNotCached(reference: HubReference, caches: [URL], near: [String])
    /// A revision that is not in the cache; the revisions that are.
    case revisionNotCached(reference: HubReference, repository: URL, known: [String])
    /// A file or folder that the cached snapshot does not have; similar paths.
    case pathNotCached(reference: HubReference, snapshot: URL, near: [String])
    /// A link of a snapshot whose blob is gone.
    case brokenLink(reference: HubReference, file: URL)
    /// A folder of the cache, a repository or a snapshot that is a dangling link.
    case lostFolder(reference: HubReference, link: URL, target: String)
    /// A link in a snapshot that leads out of it, which a download would follow.
    case strayLink(reference: HubReference, folder: URL, target: URL)

    // JSON and YAML.
    case notJSON(file: URL, fault: JSONFault)
    /// A file that is not YAML, or uses unsupported parts of it.
    case notYAML(file: URL, line: Int?, problem: String)
    /// A missing key.
    case missingKey(file: URL, key: String)
    /// An unknown key; similar keys.
    case unknownKey(file: URL, key: String, near: [String])
    /// A value of the wrong kind.
    case keyType(file: URL, key: String, expected: String, found: String)
    /// A value that is not allowed.
    case keyValue(file: URL, key: String, found: String, allowed: [String])
    /// A key without the other key that it needs.
    case keyAlone(file: URL, key: String, needs: String)
    /// Keys that contradict each other.
    case keyConflict(file: URL, keys: [String])
    /// An unsupported key that would change the arithmetic.
    case unsupportedKey(file: URL, key: String)
}

/// Why a file is not a valid safetensors file. Offsets and lengths are in bytes.
package enum SafetensorsFault: Error, Sendable, Equatable {
    /// Too short to contain the header's length.
    case tooShort(byteCount: Int)
    case wrongContent(WrongContent)
    /// A zip archive.
    case zipArchive
    /// A header longer than the format allows.
    case headerTooLong(length: UInt64, limit: Int)
    /// A header that ends after the file.
    case headerPastEnd(length: Int, byteCount: Int)
    case header(JSONFault)
    /// A header that is JSON but not an object.
    case headerNotAnObject
    /// A `__metadata__` that is not an object of strings.
    case metadata
    /// A tensor's entry whose keys are not exactly the three required.
    case entry(tensor: String)
    /// A type that is not part of the format.
    case unknownElementType(tensor: String, found: String)
    /// A shape with more elements than can be counted.
    case shapeOverflow(tensor: String, shape: [Int])
    /// Offsets that are outside the file or in the wrong order.
    case offsets(tensor: String, start: Int, end: Int)
    /// A number of bytes that does not match type and shape.
    case size(tensor: String, elementType: ElementType, shape: [Int], expected: Int, found: Int)
    /// Two tensors that share bytes.
    case overlap(tensor: String, other: String)
    /// Bytes between tensors that belong to no tensor.
    case gap(from: Int, to: Int)
    /// The tensors end at `expected`, the file's data at `found`.
    case truncated(expected: Int, found: Int)
    /// Bytes after the last tensor.
    case trailing(expected: Int, found: Int)
}

/// Why a text does not name anything on the hub.
package enum ReferenceFault: Error, Sendable, Equatable {
    /// No repository, such as `org/name`.
    case noRepository
    /// A name that the hub does not allow.
    case badName(String)
    /// A path that leads out of the repository.
    case badPath(String)
    /// A revision that git does not allow.
    case badRevision(String)
    /// A query that is not a revision.
    case badQuery(String)
}
