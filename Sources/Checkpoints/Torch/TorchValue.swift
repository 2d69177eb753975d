/// A Python value as far as PyTorch files of ours hold them.
package indirect enum TorchValue: Sendable {
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
    /// A list.
    case list([TorchValue])
    /// A tuple.
    case tuple([TorchValue])
    /// In this order; the keys should be unique.
    case dict([(String, TorchValue)])
    /// A tensor of torch.float32, row-major.
    case floats([Float], shape: [Int])
    /// A tensor of torch.int64, row-major.
    case integers([Int], shape: [Int])
    /// An object of a plain class or dataclass, made without calling `__init__`, and its attributes.
    case object(module: String, name: String, state: [(String, TorchValue)])
    /// What calling a class or function gives, as for a `NamedTuple`.
    case call(module: String, name: String, arguments: [TorchValue])
    /// A class, function or constant by its name, as `torch.bfloat16`.
    case global(module: String, name: String)
}
