/// A checksum in the metadata of a safetensors file, over everything else in it: metadata, names, types, shapes and
/// elements. Files from other tools have none.
package enum Seal: Sendable, Equatable {
    case none
    case whole
    case broken

    /// Its key in the metadata.
    static let key = "circuit_tracer_checksum"

    /// A tensor, whose elements `add` adds to the sum.
    struct Part {
        let name: String
        let type: ElementType
        let shape: [Int]
        let add: (inout Checksum) -> Void
    }

    /// The sum over metadata and tensors, each sorted by name, so that their order in the file does not matter.
    static func checksum(metadata: [String: String], parts: [Part]) -> String {
        var sum = Checksum()
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) where key != Self.key {
            sum.update(key)
            sum.update(value)
        }
        for part in parts.sorted(by: { $0.name < $1.name }) {
            sum.update(part.name)
            sum.update(part.type.rawValue)
            sum.update([part.shape.count] + part.shape)
            part.add(&sum)
        }
        return sum.text
    }
}

extension TensorArchive {
    /// Compares the file's contents with its checksum, if it has one.
    /// - Complexity: O(bytes).
    package var seal: Seal {
        guard let carried = metadata[Seal.key] else { return .none }
        let parts = tensors.values.map { tensor in
            Seal.Part(name: tensor.name, type: tensor.elementType, shape: tensor.shape) { sum in
                // Nothing in a safetensors file is deflated.
                try? tensor.withBytes { sum.update($0) }
            }
        }
        return carried == Seal.checksum(metadata: metadata, parts: parts) ? .whole : .broken
    }
}
