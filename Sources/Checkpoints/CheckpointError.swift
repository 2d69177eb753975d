package import Foundation
package import JSON

/// What went wrong between a reference and its tensors, as facts. `description` makes the sentence.
package enum CheckpointError: Error, Sendable, Equatable {
    // Files.
    /// A file that the system does not let us read.
    case unreadable(file: URL, reason: SystemError)
    /// A folder, a pipe, a device or a link where a file should be.
    case notRegular(file: URL)
    /// A file of text with more bytes than are read.
    case tooLong(file: URL, byteCount: Int, limit: Int)
    /// A folder that is there, without a file that it needs.
    case missingFile(name: String, folder: URL)
    /// A file that the system does not let us write.
    case unwritable(file: URL, reason: SystemError)

    // Safetensors.
    /// A file that is not a whole safetensors file.
    case malformed(file: URL, fault: SafetensorsFault)
    /// A tensor that none of the files has; names like it.
    case missingTensor(name: String, files: [URL], near: [String])
    /// A tensor of another shape.
    case shape(tensor: String, expected: [Int], found: [Int], file: URL)
    /// A tensor of another number of dimensions.
    case rank(tensor: String, expected: ClosedRange<Int>, found: [Int], file: URL)
    /// A tensor of other elements.
    case elementType(tensor: String, expected: [ElementType], found: ElementType, file: URL)
    /// An integer beyond an `Int`.
    case integerTooLarge(tensor: String, value: UInt64, file: URL)
    /// No memory for a copy of a tensor.
    case memory(tensor: String, byteCount: Int, file: URL)

    // Zip and NumPy archives.
    /// A zip archive that is not whole.
    case zip(file: URL, fault: ZipFault)
    /// A member of an npz that is not an array we read.
    case numPy(file: URL, member: String, fault: NumPyFault)

    // PyTorch's files.
    /// A file of PyTorch's that is not read.
    case torch(file: URL, fault: TorchFault)

    // Folders of safetensors.
    /// A folder without safetensors; what it has in their place.
    case noWeights(folder: URL, found: OtherWeights)
    /// Files that an index names and that are not there.
    case missingShards(index: URL, shards: [String])

    // References and the cache.
    /// A text that names nothing on a hub.
    case reference(text: String, fault: ReferenceFault)
    /// A repository that is in none of the caches; names like it that are.
    case repositoryNotCached(reference: HubReference, caches: [URL], near: [String])
    /// A revision that is not in the cache; those that are.
    case revisionNotCached(reference: HubReference, repository: URL, known: [String])
    /// A file or folder that the cached snapshot does not have; paths like it.
    case pathNotCached(reference: HubReference, snapshot: URL, near: [String])
    /// A link of a snapshot whose blob is gone.
    case brokenLink(reference: HubReference, file: URL)
    /// A folder of the cache, of a repository, or of a snapshot that is a link to a place that is not there.
    case lostFolder(reference: HubReference, link: URL, target: String)
    /// A folder of a snapshot that a download would follow out of it.
    case strayLink(reference: HubReference, folder: URL, target: URL)

    // JSON and YAML.
    case notJSON(file: URL, fault: JSONFault)
    /// A file that is not YAML, or not the part of it that is read.
    case notYAML(file: URL, line: Int?, problem: String)
    /// A key that every such file has.
    case missingKey(file: URL, key: String)
    /// A key that nobody knows; keys like it.
    case unknownKey(file: URL, key: String, near: [String])
    /// A value of another kind.
    case keyType(file: URL, key: String, expected: String, found: String)
    /// A value that is none of those allowed.
    case keyValue(file: URL, key: String, found: String, allowed: [String])
    /// A key without the other that gives it meaning.
    case keyAlone(file: URL, key: String, needs: String)
    /// Keys that say different things.
    case keyConflict(file: URL, keys: [String])
    /// A key that would change the arithmetic and is not implemented.
    case unsupportedKey(file: URL, key: String)
}

/// What keeps a file from being a safetensors file. Offsets and lengths are in bytes.
package enum SafetensorsFault: Error, Sendable, Equatable {
    /// Fewer bytes than the length of the header takes.
    case tooShort(byteCount: Int)
    case wrongContent(WrongContent)
    /// A zip archive.
    case zipArchive
    /// A header longer than the format allows.
    case headerTooLong(length: UInt64, limit: Int)
    /// A header that ends after the file.
    case headerPastEnd(length: Int, byteCount: Int)
    case header(JSONFault)
    /// A header that is JSON and not an object.
    case headerNotAnObject
    /// A `__metadata__` that is not texts by name.
    case metadata
    /// A tensor's entry without its three keys, or with others.
    case entry(tensor: String)
    /// A type that the format does not have.
    case unknownElementType(tensor: String, found: String)
    /// A shape of more elements than can be counted.
    case shapeOverflow(tensor: String, shape: [Int])
    /// Offsets that do not lie in the file, the first before the second.
    case offsets(tensor: String, start: Int, end: Int)
    /// Another number of bytes than type and shape take.
    case size(tensor: String, elementType: ElementType, shape: [Int], expected: Int, found: Int)
    /// Two tensors that share bytes.
    case overlap(tensor: String, other: String)
    /// Bytes between tensors that belong to none.
    case gap(from: Int, to: Int)
    /// The tensors end at `expected`, the file's data at `found`.
    case truncated(expected: Int, found: Int)
    /// Bytes after the last tensor.
    case trailing(expected: Int, found: Int)
}

/// What keeps a text from naming something on the hub.
package enum ReferenceFault: Error, Sendable, Equatable {
    /// Nothing like `org/name`.
    case noRepository
    /// A name that the hub does not allow.
    case badName(String)
    /// A path that leads out of the repository.
    case badPath(String)
    /// A revision that git does not allow.
    case badRevision(String)
    /// A query with something else than a revision.
    case badQuery(String)
}
