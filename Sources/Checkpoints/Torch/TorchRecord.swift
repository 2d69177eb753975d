/// A Python value read from a PyTorch file. Classes are names and attributes; no code of theirs exists here.
package indirect enum TorchRecord: Sendable {
    /// None.
    case none
    /// A bool.
    case bool(Bool)
    /// An int.
    case int(Int)
    /// A float.
    case double(Double)
    /// A str.
    case string(String)
    /// A bytes.
    case bytes([UInt8])
    /// A list.
    case list([TorchRecord])
    /// A tuple.
    case tuple([TorchRecord])
    /// A dict whose keys are texts.
    case dict([String: TorchRecord])
    /// An object of a class the caller knows: what it was made from, and its attributes.
    case object(name: String, arguments: [TorchRecord], attributes: [String: TorchRecord])
    /// A constant such as `torch.bfloat16`.
    case constant(String)
    /// A tensor.
    case tensor(TorchTensor)

    /// What the value is, with its article, for a sentence.
    package var kind: String {
        switch self {
        case .none: "None"
        case .bool: "a boolean"
        case .int: "an integer"
        case .double: "a number"
        case .string: "a string"
        case .bytes: "bytes"
        case .list: "a list"
        case .tuple: "a tuple"
        case .dict: "a dictionary"
        case .object(let name, _, _): "an object of \(name)"
        case .constant(let name): name
        case .tensor: "a tensor"
        }
    }
}
