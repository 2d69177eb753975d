internal import Foundation

/// The sentences for errors about checkpoints: what is wrong and where, what was expected and found, and what to do next.
extension CheckpointError: CustomStringConvertible, LocalizedError {
    package var errorDescription: String? { description }

    package var description: String {
        switch self {
        case .unreadable(let file, let reason):
            "Cannot read \(file.path): \(reason)." + (isDangling(file) ? " It is a link whose target is gone; download it again." : reason.advice)
        case .notRegular(let file):
            "\(file.path) must be a plain file, not a folder, a pipe, a device or a link."
        case .tooLong(let file, let byteCount, let limit):
            "\(file.path) has \(byteCount) bytes; at most \(limit) are allowed. It should be a short text file."
        case .missingFile(let name, let folder):
            "\(folder.path) has no \(name). Name the folder that has it, or add the file."
        case .unwritable(let file, let reason):
            "Cannot write \(file.path): \(reason). Nothing was changed." + reason.advice
        case .malformed(let file, let fault):
            "\(file.path) \(fault.sentence)"
        case .zip(let file, let fault):
            "\(file.path) \(fault.sentence)"
        case .numPy(let file, let member, let fault):
            "\(member) in \(file.path) \(fault.sentence)"
        case .torch(let file, let fault):
            "\(file.path) \(fault.sentence)"
        case .missingTensor(let name, let files, let near):
            "There is no tensor \(name) in \(listed(files.map(\.path)))." + didYouMean(near)
        case .shape(let tensor, let expected, let found, let file):
            "Tensor \(tensor) in \(file.path) has shape \(found); expected \(expected)."
        case .rank(let tensor, let expected, let found, let file):
            "Tensor \(tensor) in \(file.path) has shape \(found); expected \(dimensions(expected))."
        case .elementType(let tensor, let expected, let found, let file):
            "Tensor \(tensor) in \(file.path) holds \(found.rawValue); expected \(alternatives(expected.map(\.rawValue)))."
                + (expected.contains(.bf16) ? " Convert it to one of these." : "")
        case .integerTooLarge(let tensor, let value, let file):
            "Tensor \(tensor) in \(file.path) holds \(value), which does not fit a signed 64-bit integer."
        case .memory(let tensor, let byteCount, let file):
            "Tensor \(tensor) in \(file.path) is F64, and there is not enough memory for its F32 copy (\(byteCount) bytes)."
                + " Convert the file to F32."
        case .noWeights(let folder, let found): folder.path + found.fact + found.advice
        case .missingShards(let index, let shards): missingShards(index, shards)
        case .reference(let text, let fault):
            "\(text.debugDescription) is not a reference: \(fault.sentence)."
                + " Write org/name, org/name/folder, org/name@revision or hf://org/name/file?revision=revision."
        case .repositoryNotCached(let reference, let caches, let near): repositoryNotCached(reference, caches, near)
        case .revisionNotCached(let reference, let repository, let known): revisionNotCached(reference, repository, known)
        case .pathNotCached(let reference, let snapshot, let near):
            "\(reference.path ?? "") of \(reference.repository) is not in \(snapshot.path)."
                + (near.isEmpty ? " Download it." : didYouMean(near))
        case .brokenLink(let reference, let file):
            "\(file.path) of \(reference.repository) is a link whose target is gone. Download it again."
        case .lostFolder(let reference, let link, let target):
            "\(link.path), which should hold \(reference.repository), is a link to \(target), which does not exist."
                + " Connect that disk, or remove the link and download again."
        case .strayLink(let reference, let folder, let target):
            "\(folder.path) of \(reference.repository) is a link to \(target.path), outside the snapshot."
                + " Nothing was written there. Remove the link and download again."
        case .notJSON(let file, let fault):
            "\(file.path) is not JSON: \(fault.sentence)."
        case .notYAML(let file, let line, let problem):
            "\(file.path) is not YAML: " + (line.map { "line \($0): " } ?? "") + "\(problem)."
        case .missingKey(let file, let key):
            "\(file.path) has no \(key)."
        case .unknownKey(let file, let key, let near):
            "\(file.path) has an unknown key, \(key)." + didYouMean(near)
        case .keyType(let file, let key, let expected, let found):
            "\(key) in \(file.path) is \(found); expected \(expected)."
        case .keyValue(let file, let key, let found, let allowed):
            "\(key) in \(file.path) is \(found.debugDescription); expected \(alternatives(allowed))."
        case .keyAlone(let file, let key, let needs):
            "\(key) in \(file.path) needs \(needs). Add it, or remove \(key)."
        case .keyConflict(let file, let keys):
            "\(keys.joined(separator: " and ")) in \(file.path) contradict each other. Keep one of them."
        case .unsupportedKey(let file, let key):
            "\(key) in \(file.path) changes what the transcoders compute, and is not supported. Use a set without it."
        }
    }

    private func missingShards(_ index: URL, _ shards: [String]) -> String {
        let (verb, pronoun) = shards.count == 1 ? ("is", "it") : ("are", "them")
        return "\(index.path) names \(listed(shards)), which \(verb) missing from its folder. Download \(pronoun) again."
    }

    private func repositoryNotCached(_ reference: HubReference, _ caches: [URL], _ near: [String]) -> String {
        "\(reference.repository) is not in the cache \(caches.map(\.path).joined(separator: " or "))."
            + (near.isEmpty ? " Download it, or set HF_HUB_CACHE to the cache that has it." : didYouMean(near))
    }

    private func revisionNotCached(_ reference: HubReference, _ repository: URL, _ known: [String]) -> String {
        let revision = reference.revision ?? HubReference.defaultRevision
        return "Revision \(revision) of \(reference.repository) is not in \(repository.path)."
            + (known.isEmpty ? " Download it again." : " Revisions in the cache: \(listed(known)).")
    }
}

/// Whether the file is a dangling link, as in a hub cache whose blobs were deleted.
private func isDangling(_ file: URL) -> Bool {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: file.path)) != nil && !FileManager.default.fileExists(atPath: file.path)
}

package func didYouMean(_ near: [String]) -> String {
    near.isEmpty ? "" : " Did you mean \(alternatives(near))?"
}

/// `a, b or c`.
private func alternatives(_ words: [String]) -> String {
    words.count < 2 ? words.joined() : words.dropLast().joined(separator: ", ") + " or " + words.last!
}

/// The first few of many, and how many more there are.
package func listed(_ words: [String], limit: Int = 5) -> String {
    let shown = words.prefix(limit).joined(separator: ", ")
    return words.count > limit ? shown + " and \(words.count - limit) more" : shown
}

private func dimensions(_ range: ClosedRange<Int>) -> String {
    let dimensions = range.upperBound == 1 ? "dimension" : "dimensions"
    return range.count == 1
        ? "\(range.lowerBound) \(dimensions)" : "\(range.lowerBound) to \(range.upperBound) \(dimensions)"
}
