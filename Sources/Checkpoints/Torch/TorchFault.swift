/// What keeps a file from being a PyTorch file that can be read. Offsets count bytes of its pickle from 0.
package enum TorchFault: Error, Sendable, Equatable {
    /// A zip archive without `data.pkl`.
    case noPickle
    /// A pickle longer than any graph's is.
    case pickleSize(byteCount: Int, limit: Int)
    /// Numbers whose most significant byte comes first.
    case byteOrder
    /// A version of the pickle protocol that is not read.
    case protocolVersion(Int)
    /// An instruction that is not interpreted.
    case instruction(byte: UInt8, offset: Int)
    /// A pickle without its end.
    case endsEarly
    /// An instruction that does not find what it works on.
    case operand(offset: Int)
    /// A text that is not UTF-8.
    case notUTF8(offset: Int)
    /// An integer beyond an `Int`.
    case integer(offset: Int)
    /// A class or function that is not on the list.
    case forbidden(name: String)
    /// One that is, used in a way that is not known.
    case use(name: String, offset: Int)
    /// A key of a dictionary that is not a text, or too long.
    case key(offset: Int)
    /// Values in each other, deeper than any graph's are.
    case tooDeep(limit: Int)
    /// More instructions or values than any graph has.
    case tooLong(limit: Int)
    /// A storage that is not in the archive.
    case storage(key: String)
    /// A storage of another number of bytes than its tensors need.
    case storageSize(key: String, expected: Int, found: Int)
    /// A tensor that does not lie in its storage.
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
            "has a pickle of \(byteCount) bytes; at most \(limit) are read. What it holds beside tensors should be small."
        case .byteOrder:
            "was written on a big-endian machine, which is not read. Write it again on another."
        case .protocolVersion(let version):
            "is a pickle of protocol \(version); 2 to 5 are read. Write it again with torch.save."
        case .instruction(let byte, let offset):
            "has the instruction \(byte) at byte \(offset) of its pickle, which is not interpreted. Nothing was run."
        case .endsEarly: "has a pickle that ends early. Download it again."
        case .operand(let offset): "has a damaged pickle: what byte \(offset) works on is not there. Download it again."
        case .notUTF8(let offset): "has a damaged pickle: the text at byte \(offset) is not UTF-8. Download it again."
        case .integer(let offset): "has an integer at byte \(offset) of its pickle that does not fit 64 bits."
        case .forbidden(let name):
            "wants to call \(name.debugDescription), which no graph needs. Nothing was run. Do not open this file with PyTorch unless you trust who made it."
        case .use(let name, let offset): "uses \(name) at byte \(offset) of its pickle in a way that is not known. Nothing was run."
        case .key(let offset): "has a dictionary at byte \(offset) of its pickle whose keys are not texts, or too long."
        case .tooDeep(let limit): "holds values nested more than \(limit) deep, or in themselves."
        case .tooLong(let limit):
            "has a pickle of more than \(limit) instructions or values. What it holds beside tensors should be small."
        case .storage(let key): "has no data/\(key), which one of its tensors lies in. Download it again."
        case .storageSize(let key, let expected, let found):
            "has \(found) bytes in data/\(key), where \(expected) should be. Download it again."
        case .view(let storage, let shape, let strides, let offset, let count):
            "has a tensor of shape \(shape) and strides \(strides) from element \(offset) on, which does not lie in data/\(storage) of \(count) elements."
        case .outOfMemory(let byteCount): "needs \(byteCount) bytes of memory for a tensor, which are not to be had."
        }
    }
}
