/// A checksum that a safetensors file carries in its metadata, over all else in it: metadata, names, types, shapes and
/// elements. Files of other tools carry none.
package enum Seal: Sendable, Equatable {
    case none
    case whole
    case broken

    /// Of the metadata.
    static let key = "circuit_tracer_checksum"

    /// A tensor, whose elements `add` sums.
    struct Part {
        let name: String
        let type: ElementType
        let shape: [Int]
        let add: (inout Checksum) -> Void
    }

    /// The sum over metadata and tensors, each sorted by name, so that where they lie in the file does not matter.
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
    /// Compares the checksum that the file carries, if it carries one, with what is in it.
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
