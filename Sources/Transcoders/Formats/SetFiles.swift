internal import Checkpoints
internal import Foundation

/// The files of a transcoder set, in layer order.
enum SetFiles {
    /// One file per layer.
    case whole([URL])
    /// Separate encoders and decoders, as in circuit-tracer's cross-layer transcoders.
    case split(encoders: [URL], decoders: [URL])

    /// The files that the config names; else those in its folder, recognised by their names.
    ///
    /// - Throws: `CheckpointError` for a file of another repository that is not in the cache.
    static func of(_ config: TranscoderConfig, in folder: URL, hub: HubCache) throws -> SetFiles {
        if let entries = config.transcoders {
            return .whole(try entries.enumerated().map { try file($1, layer: $0, besides: folder, hub) })
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        if names.contains(where: { $0.hasPrefix("W_enc_") || $0.hasPrefix("W_dec_") }) {
            let encoders = try numbered(names, "W_enc_", ".safetensors", in: folder)
            let decoders = try numbered(names, "W_dec_", ".safetensors", in: folder)
            guard encoders.count == decoders.count else {
                let counts = [encoders.count, decoders.count].sorted()
                throw TranscoderError.missingLayers(folder: folder, missing: Array(counts[0]..<counts[1]), found: counts[0])
            }
            return .split(encoders: encoders, decoders: decoders)
        }
        for suffix in [".safetensors", ".npz"] where names.contains(where: { $0.hasPrefix("layer_") && $0.hasSuffix(suffix) }) {
            return .whole(try numbered(names, "layer_", suffix, in: folder))
        }
        if names.contains(where: { $0.hasPrefix("layers.") && $0.hasSuffix(".mlp") }) {
            return .whole(try numbered(names, "layers.", ".mlp", in: folder).map { $0.appending(path: "sae.safetensors") })
        }
        // A folder for each layer, as in Gemma Scope.
        return .whole(
            try numbered(names, "layer_", "", in: folder).map { layer in
                let files = ["params.safetensors", "params.npz"].map { layer.appending(path: $0) }
                guard let file = files.first(where: { FileManager.default.fileExists(atPath: $0.path) }) else {
                    throw TranscoderError.noLayers(layer)
                }
                return file
            })
    }

    private static func file(_ entry: String, layer: Int, besides folder: URL, _ hub: HubCache) throws -> URL {
        if entry.hasPrefix("hf://") { return try hub.resolve(HubReference(parsing: entry)) }
        let file = entry.hasPrefix("/") ? URL(filePath: entry) : folder.appending(path: entry)
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw TranscoderError.missingEntry(config: folder.appending(path: "config.yaml"), layer: layer, entry: entry)
        }
        return file
    }

    /// More layers than any set has, so that one stray name cannot ask for absurd amounts of memory.
    private static let mostLayers = 1 << 12

    /// The URLs of `prefixNsuffix` for `N = 0..<count`, where `count` is one more than the highest number there.
    private static func numbered(_ names: [String], _ prefix: String, _ suffix: String, in folder: URL) throws -> [URL] {
        var numbers: Set<Int> = []
        for name in names where name.hasPrefix(prefix) && name.hasSuffix(suffix) {
            let digits = name.dropFirst(prefix.count).dropLast(suffix.count)
            guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { continue }
            guard let number = Int(digits), number < mostLayers, String(number) == digits else {
                throw TranscoderError.strayLayer(folder.appending(path: name))
            }
            numbers.insert(number)
        }
        guard let highest = numbers.max() else { throw TranscoderError.noLayers(folder) }
        guard numbers.count == highest + 1 else {
            let missing = Set(0...highest).subtracting(numbers).sorted()
            throw TranscoderError.missingLayers(folder: folder, missing: missing, found: numbers.count)
        }
        return (0...highest).map { folder.appending(path: "\(prefix)\($0)\(suffix)") }
    }
}
