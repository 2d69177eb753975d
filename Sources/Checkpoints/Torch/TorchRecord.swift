/// A Python value read from a PyTorch file. Classes are only names and attributes, without code.
package indirect enum TorchRecord: Sendable {
    case none
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    case list([TorchRecord])
    case tuple([TorchRecord])
    /// A dict whose keys are texts.
    case dict([String: TorchRecord])
    /// An object of a class that the caller knows: the arguments it was made from, and its attributes.
    case object(name: String, arguments: [TorchRecord], attributes: [String: TorchRecord])
    /// A constant such as `torch.bfloat16`.
    case constant(String)
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
