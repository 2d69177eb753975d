/// What a pickle may name. Everything is interpreted here; nothing is ever called.
enum PickleGlobal: Equatable {
    /// `torch._utils._rebuild_tensor_v2(storage, offset, shape, strides, ...)`.
    case rebuildTensor
    /// `torch.FloatStorage` and similar.
    case storage(ElementType)
    /// `torch.bfloat16` and similar.
    case constant(String)
    /// `torch.device(type, index)`.
    case device
    /// `collections.OrderedDict()`.
    case orderedDict
    /// `_codecs.encode(text, "latin1")`: how older protocols spell bytes.
    case encode
    /// `numpy.dtype(code, ...)`.
    case numPyType
    /// `numpy.core.multiarray.scalar(dtype, bytes)`.
    case numPyScalar
    /// A class that the caller knows.
    case record(String)

    /// No module and class have a longer name; comparing longer ones repeatedly would take forever.
    private static let lengthLimit = 256

    /// - Parameter isRecord: whether the class of that module and name is known to the caller.
    /// - Throws: `.forbidden` for anything else.
    init(module: String, name: String, isRecord: (_ module: String, _ name: String) -> Bool) throws(TorchFault) {
        guard module.utf8.count + name.utf8.count <= Self.lengthLimit else {
            throw .forbidden(name: "\(module).\(name)".prefix(Self.lengthLimit) + "...")
        }
        switch (module, name) {
        case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
        case ("torch", "device"): self = .device
        case ("torch", _) where Self.storages[name] != nil: self = .storage(Self.storages[name]!)
        case ("torch", _) where Self.constants.contains(name): self = .constant("torch.\(name)")
        case ("collections", "OrderedDict"): self = .orderedDict
        case ("_codecs", "encode"): self = .encode
        case ("numpy", "dtype"): self = .numPyType
        case ("numpy.core.multiarray", "scalar"), ("numpy._core.multiarray", "scalar"): self = .numPyScalar
        case _ where isRecord(module, name): self = .record(name)
        default: throw .forbidden(name: "\(module).\(name)")
        }
    }

    /// Its description in a sentence.
    var name: String {
        switch self {
        case .rebuildTensor: "torch._utils._rebuild_tensor_v2"
        case .storage(let type): "a torch storage of \(type.rawValue)"
        case .constant(let name), .record(let name): name
        case .device: "torch.device"
        case .orderedDict: "collections.OrderedDict"
        case .encode: "_codecs.encode"
        case .numPyType: "numpy.dtype"
        case .numPyScalar: "numpy.core.multiarray.scalar"
        }
    }

    private static let storages: [String: ElementType] = [
        "DoubleStorage": .f64, "FloatStorage": .f32, "HalfStorage": .f16, "BFloat16Storage": .bf16, "LongStorage": .i64,
        "IntStorage": .i32, "ShortStorage": .i16, "CharStorage": .i8, "ByteStorage": .u8, "BoolStorage": .bool,
    ]

    private static let constants: Set = [
        "float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool",
    ]
}
