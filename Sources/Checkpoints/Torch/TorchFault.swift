/// Why a PyTorch file cannot be read. Offsets count bytes of its pickle from 0.
package enum TorchFault: Error, Sendable, Equatable {
    /// A zip archive without `data.pkl`.
    case noPickle
    /// A pickle longer than any graph's.
    case pickleSize(byteCount: Int, limit: Int)
    /// Numbers whose most significant byte comes first.
    case byteOrder
    /// An unsupported version of the pickle protocol.
    case protocolVersion(Int)
    /// An unsupported instruction.
    case instruction(byte: UInt8, offset: Int)
    /// A truncated pickle.
    case endsEarly
    /// An instruction without its operand.
    case operand(offset: Int)
    /// A text that is not UTF-8.
    case notUTF8(offset: Int)
    /// An integer beyond an `Int`.
    case integer(offset: Int)
    /// A class or function that is not on the list.
    case forbidden(name: String)
    /// A known one, used in an unknown way.
    case use(name: String, offset: Int)
    /// A key of a dictionary that is not a string, or is too long.
    case key(offset: Int)
    /// Values nested deeper than in any graph.
    case tooDeep(limit: Int)
    /// More instructions or values than any graph has.
    case tooLong(limit: Int)
    /// A storage that is not in the archive.
    case storage(key: String)
    /// A storage whose number of bytes does not match its tensors.
    case storageSize(key: String, expected: Int, found: Int)
    /// A tensor that does not fit in its storage.
    case view(storage: String, shape: [Int], strides: [Int], offset: Int, count: Int)
    /// No memory for a tensor.
    case outOfMemory(byteCount: Int)
}

extension TorchFault {
    /// The sentence after the file's name.
    var sentence: String {
        switch self {
        case .noPickle:
            "is a zip archive without data.pkl, not a file that torch.save wrote."
        case .pickleSize(let byteCount, let limit):
            "has a pickle of \(byteCount) bytes; at most \(limit) are allowed. Everything but the tensors should be small."
        case .byteOrder:
            "was written on a big-endian machine, which is not supported. Write it again on a little-endian one."
        case .protocolVersion(let version):
            "is a pickle of protocol \(version); 2 to 5 are supported. Write it again with torch.save."
        case .instruction(let byte, let offset):
            "has an unsupported instruction, \(byte), at byte \(offset) of its pickle. Nothing was run."
        case .endsEarly: "has a pickle that ends too early. Download it again."
        case .operand(let offset): "has a damaged pickle: the instruction at byte \(offset) lacks its operand. Download it again."
        case .notUTF8(let offset): "has a damaged pickle: the text at byte \(offset) is not UTF-8. Download it again."
        case .integer(let offset): "has an integer at byte \(offset) of its pickle that does not fit 64 bits."
        case .forbidden(let name):
            "tries to call \(name.debugDescription), which no graph needs. Nothing was run. Do not open this file with PyTorch unless you trust who made it."
        case .use(let name, let offset): "uses \(name) at byte \(offset) of its pickle in an unknown way. Nothing was run."
        case .key(let offset): "has a dictionary at byte \(offset) of its pickle with a key that is not a string, or is too long."
        case .tooDeep(let limit): "holds values that are nested more than \(limit) deep, or contain themselves."
        case .tooLong(let limit):
            "has a pickle of more than \(limit) instructions or values. Everything but the tensors should be small."
        case .storage(let key): "has no data/\(key), which one of its tensors needs. Download it again."
        case .storageSize(let key, let expected, let found):
            "has \(found) bytes in data/\(key) instead of \(expected). Download it again."
        case .view(let storage, let shape, let strides, let offset, let count):
            "has a tensor of shape \(shape) and strides \(strides) from element \(offset) on, which does not fit in data/\(storage) (\(count) elements)."
        case .outOfMemory(let byteCount): "needs \(byteCount) bytes of memory for a tensor, which are not available."
        }
    }
}
