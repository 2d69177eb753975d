/// Why a member of a NumPy archive is not a tensor. Offsets and lengths are in bytes.
package enum NumPyFault: Error, Sendable, Equatable {
    /// Its name does not end in `.npy`.
    case notAnArray
    /// It does not begin like an array.
    case noMagic
    /// An unsupported version of the format.
    case version(major: Int, minor: Int)
    /// A header over the size limit.
    case headerTooLong(length: Int, limit: Int)
    /// A header that ends after the member.
    case headerPastEnd(length: Int, byteCount: Int)
    /// A header that is not valid from this byte on.
    case header(offset: Int)
    /// The header is not exactly `descr`, `fortran_order` and `shape`, with values of the right kinds.
    case headerKeys
    /// Pickled Python objects.
    case objects
    /// Records of several fields.
    case structured
    /// Numbers whose most significant byte comes first.
    case bigEndian(type: String)
    /// Bytes of a type that NumPy does not know, such as `|V2`.
    case rawBytes(type: String)
    /// An unsupported type.
    case unknownElementType(String)
    /// The first index runs fastest, which is supported only for matrices.
    case fortranOrder(shape: [Int])
    /// A shape with more elements than can be counted.
    case shapeOverflow([Int])
    /// A number of bytes that does not match type and shape.
    case size(elementType: ElementType, shape: [Int], expected: Int, found: Int)
}

extension NumPyFault {
    /// The sentence after the member's and the file's name.
    var sentence: String {
        switch self {
        case .notAnArray:
            "is not a NumPy array (its name does not end in .npy). Save arrays only, with numpy.savez."
        case .noMagic:
            "is not a NumPy array: it does not begin as one. Save it again with numpy.savez."
        case .version(let major, let minor):
            "is a NumPy array of version \(major).\(minor); 1.0, 2.0 and 3.0 are supported."
        case .headerTooLong(let length, let limit):
            "is not a NumPy array: its header would take \(length) bytes; at most \(limit) are allowed."
        case .headerPastEnd(let length, let byteCount):
            "is truncated: its header takes \(length) bytes, but only \(byteCount) are there. Download the file again."
        case .header(let offset):
            "has a damaged header: it is not valid at byte \(offset). Download the file again."
        case .headerKeys:
            "has a damaged header: it must have exactly descr, fortran_order and shape. Download the file again."
        case .objects:
            "holds Python objects, which are programs and are never run. Save plain numbers, as float32."
        case .structured:
            "holds records of several fields. Save each field as an array of its own."
        case .bigEndian(let type):
            "holds big-endian numbers (\(type)). Save it little-endian: x.astype(x.dtype.newbyteorder(\"<\"))."
        case .rawBytes(let type):
            "holds elements of a type that NumPy has no name for (\(type)), such as bfloat16."
                + " Save it as float32 or float16, or as safetensors."
        case .unknownElementType(let type):
            "holds elements of type \(type), which is not supported. Save it as float32 or float16."
        case .fortranOrder(let shape):
            "of shape \(shape) is in Fortran order, which is supported only for matrices. Save numpy.ascontiguousarray(x)."
        case .shapeOverflow(let shape):
            "has shape \(shape), more than a file can hold."
        case .size(let elementType, let shape, let expected, let found):
            "of type \(elementType.rawValue) and shape \(shape) needs \(expected) bytes but has \(found)."
                + " Download the file again."
        }
    }
}
