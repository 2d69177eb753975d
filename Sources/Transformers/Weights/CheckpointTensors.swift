internal import Checkpoints
internal import Foundation

/// A checkpoint's tensors by the names that a family uses, and notices about the others.
struct CheckpointTensors: Sendable {
    let places: [TensorPlace]
    let notices: [ModelNotice]
    private let archive: TensorArchive
    /// Names in the files, for tensors that do not have the family's name there.
    private let storedNames: [String: String]

    /// Finds every tensor of the family. Missing tensors and those left over are reported together.
    ///
    /// - Throws: `ModelError.tensors`; `.memory` if there is not enough memory to round an F64 tensor.
    init(_ archive: TensorArchive, spec: DecoderSpec, family: DecoderFamily, folder: URL) throws {
        let layout = family.layout(of: archive.names)
        let places = family.tensors(spec, layout)
        let head = layout.head + "lm_head.weight"
        let embedding = places.first { $0.slot == .embedding }!.name
        let tied = spec.tiesEmbeddings ? [embedding: head, head: embedding] : [:]
        let names = Set(places.map(\.name))
        let storedNames = Self.storedNames(of: names, in: archive, tied: tied)
        let missing = places.map(\.name).filter { archive[$0] == nil && storedNames[$0] == nil }
        let known = names.union(storedNames.values).union(tied.keys)
        let others = archive.names.filter { !known.contains($0) && !layout.isIgnored($0) && !isBuffer($0) }
        // Weights are floats; tensors of other types (position ids, counts) are not weights.
        let unused = others.filter { archive[$0]!.elementType.isFloat }
        guard missing.isEmpty && unused.isEmpty else {
            throw ModelError.tensors(folder: folder, missing: missing, unused: unused)
        }
        let otherHead = tied.isEmpty ? nil : Self.otherHead(head, than: embedding, in: archive, folder: folder)
        let notUsed = others.map { "\($0) (\(archive[$0]!.elementType.rawValue))" }
        notices =
            archive.notices.map(ModelNotice.checkpoint) + [otherHead].compactMap(\.self)
            + (notUsed.isEmpty ? [] : [.notUsed(tensors: notUsed, folder: folder)])
        self.places = places
        self.storedNames = storedNames
        self.archive = try archive.roundingDoubles(names.union(storedNames.values))
    }

    /// The notice that a tied checkpoint has both tensors and they differ; nil otherwise.
    private static func otherHead(
        _ head: String, than embedding: String, in archive: TensorArchive, folder: URL
    ) -> ModelNotice? {
        guard let other = archive[head], let used = archive[embedding], !other.holdsSame(as: used) else { return nil }
        return .otherHead(tensor: head, file: other.file, config: folder.appending(path: "config.json"))
    }

    /// For tensors that are stored once for two names, the name that was kept: the one in the header that
    /// `safetensors.torch.save_model` writes, otherwise the other name of a tied pair.
    private static func storedNames(
        of names: Set<String>, in archive: TensorArchive, tied: [String: String]
    ) -> [String: String] {
        var stored: [String: String] = [:]
        for name in names where archive[name] == nil {
            stored[name] = [archive.metadata[name], tied[name]].compactMap(\.self).first { archive[$0] != nil }
        }
        return stored
    }

    /// The tensor of that name, under whatever name it is stored.
    subscript(name: String) -> StoredTensor { archive[storedNames[name] ?? name]! }

    func tensor(_ place: TensorPlace) throws(CheckpointError) -> StoredTensor {
        try archive.tensor(storedNames[place.name] ?? place.name, shape: place.shape)
    }

    var files: [URL] { archive.files }
}

/// Whether a tensor of that name only repeats what the config says: rotary frequencies and caches, causal masks, position ids.
/// Older exports of any family contain such tensors, and every loader ignores them.
private func isBuffer(_ name: String) -> Bool {
    let parts = name.split(separator: ".").suffix(2)
    guard let last = parts.last, let owner = parts.first else { return false }
    if last == "position_ids" { return true }
    if owner.hasPrefix("rotary_emb") { return last.hasSuffix("inv_freq") || ["cos_cached", "sin_cached"].contains(last) }
    return ["attn", "self_attn", "crossattention"].contains(owner) && ["bias", "masked_bias"].contains(last)
}
