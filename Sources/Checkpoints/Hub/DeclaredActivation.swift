internal import Foundation

/// The activation function that a set's `config.yaml` declares; the tensors must agree.
package enum DeclaredActivation: Sendable, Hashable {
    /// ReLU.
    case relu
    /// JumpReLU, with thresholds among the tensors.
    case jumpReLU
    /// The `k` largest of a layer's features at a position, `k > 0`; nil if the config does not give k.
    case topK(Int?)

    private static let allowed = ["relu", "jump_relu", "topk"]

    /// - Parameters:
    ///   - spellings: the values of the keys for the function, in any capitalisation and with any dashes.
    ///   - counts: the values of the keys for its `k`.
    /// - Throws: `.keyType`, `.keyValue`, `.keyAlone` for a `k` without its function, `.keyConflict`.
    init?(spellings: [YAMLValue], counts: [YAMLValue], file: URL) throws(CheckpointError) {
        let count = try Self.one(of: counts) { value throws(CheckpointError) in
            let number = try value.integer()
            guard number > 0 else {
                throw .keyValue(file: file, key: value.path, found: String(number), allowed: ["1 or more"])
            }
            return number
        }
        let name = try Self.one(of: spellings) { value throws(CheckpointError) in
            let text = try value.string()
            let name = text.lowercased().filter { $0 != "_" && $0 != "-" }
            guard ["relu", "jumprelu", "topk"].contains(name) else {
                throw .keyValue(file: file, key: value.path, found: text, allowed: Self.allowed)
            }
            return name
        }
        switch (name, count) {
        case ("topk", let count): self = .topK(count)
        case (_, .some): throw .keyAlone(file: file, key: counts[0].path, needs: "activation: topk")
        case ("relu", nil): self = .relu
        case ("jumprelu", nil): self = .jumpReLU
        default: return nil
        }
    }

    /// The common value of these, which must agree; nil if there are none.
    private static func one<T: Equatable>(
        of values: [YAMLValue], _ read: (YAMLValue) throws(CheckpointError) -> T
    ) throws(CheckpointError) -> T? {
        guard let first = values.first else { return nil }
        let meaning = try read(first)
        for other in values.dropFirst() where try read(other) != meaning {
            throw .keyConflict(file: first.file, keys: [first.path, other.path])
        }
        return meaning
    }
}
