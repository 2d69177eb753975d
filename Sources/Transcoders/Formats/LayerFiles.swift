internal import Tensors
internal import Checkpoints
internal import Foundation

/// The files of a set that are numbered by layer.
enum LayerFiles {
    /// The URLs of `prefixN.safetensors` for `N = 0..<count`, `count` being one more than the highest that is there.
    static func numbered(_ prefix: String, in folder: URL) throws -> [URL] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let suffix = ".safetensors"
        let numbers = names.compactMap { name -> Int? in
            guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return nil }
            return Int(name.dropFirst(prefix.count).dropLast(suffix.count))
        }.filter { $0 >= 0 }
        guard let highest = numbers.max() else { throw TranscoderError.noLayers(folder) }
        guard numbers.count == highest + 1 else {
            let missing = Set(0...highest).subtracting(numbers).sorted()
            throw TranscoderError.missingLayers(folder: folder, missing: missing, found: numbers.count)
        }
        return (0...highest).map { folder.appending(path: "\(prefix)\($0)\(suffix)") }
    }
}

extension TensorArchive {
    /// A small tensor as numbers, all of them finite.
    func finite(_ name: String, shape: [Int]) throws -> [Float] {
        let tensor = try tensor(name, shape: shape)
        let values = try tensor.floats()
        guard values.areFinite else { throw TranscoderError.notFinite(tensor: name, file: tensor.file) }
        return values
    }

    /// Complains about tensors that no reader knows: they would change what the transcoder computes.
    func expectOnly(_ known: Set<String>) throws(TranscoderError) {
        let unknown = names.filter { !known.contains($0) }
        guard unknown.isEmpty else { throw .unsupportedTensors(file: files[0], names: unknown) }
    }
}
