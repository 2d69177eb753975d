/// A Python value of the kinds that we write to PyTorch files.
package indirect enum TorchValue: Sendable {
    case none
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(String)
    case list([TorchValue])
    case tuple([TorchValue])
    /// A dict, in this order; the keys should be unique.
    case dict([(String, TorchValue)])
    /// A tensor of torch.float32, row-major.
    case floats([Float], shape: [Int])
    /// A matrix of torch.float32 whose rows are asked for while the file is written, twice each.
    case rows(count: Int, width: Int, row: @Sendable (Int) -> [Float])
    /// A tensor of torch.int64, row-major.
    case integers([Int], shape: [Int])
    /// An object of a plain class or dataclass, made without calling `__init__`, and its attributes.
    case object(module: String, name: String, state: [(String, TorchValue)])
    /// The result of calling a class or function, as for a `NamedTuple`.
    case call(module: String, name: String, arguments: [TorchValue])
    /// A class, function or constant by its name, such as `torch.bfloat16`.
    case global(module: String, name: String)
}
