/// What keeps a member of a NumPy archive from being a tensor. Offsets and lengths are in bytes.
package enum NumPyFault: Error, Sendable, Equatable {
    /// Its name does not end in `.npy`.
    case notAnArray
    /// It does not begin as an array does.
    case noMagic
    /// A version of the format that is not read.
    case version(major: Int, minor: Int)
    /// A header longer than any is.
    case headerTooLong(length: Int, limit: Int)
    /// A header that ends after the member.
    case headerPastEnd(length: Int, byteCount: Int)
    /// A header that is not what NumPy writes, from this byte on.
    case header(offset: Int)
    /// The header is not just `descr`, `fortran_order` and `shape`, each of its kind.
    case headerKeys
    /// Pickled Python objects.
    case objects
    /// Records of several fields.
    case structured
    /// Numbers whose most significant byte comes first.
    case bigEndian(type: String)
    /// Bytes whose type NumPy does not know, as `|V2`.
    case rawBytes(type: String)
    /// A type that is not read.
    case unknownElementType(String)
    /// The first index runs fastest; of matrices that is read.
    case fortranOrder(shape: [Int])
    /// A shape of more elements than can be counted.
    case shapeOverflow([Int])
    /// Another number of bytes than type and shape take.
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
            "is a NumPy array of version \(major).\(minor); 1.0, 2.0 and 3.0 are read."
        case .headerTooLong(let length, let limit):
            "is not a NumPy array: its header would take \(length) bytes; at most \(limit) are allowed."
        case .headerPastEnd(let length, let byteCount):
            "is cut off in its header, which takes \(length) bytes of \(byteCount). Download the file again."
        case .header(let offset):
            "has a damaged header: byte \(offset) of it is not what NumPy writes there. Download the file again."
        case .headerKeys:
            "has a damaged header: it needs just descr, fortran_order and shape. Download the file again."
        case .objects:
            "holds Python objects, which are programs and are not run. Save the numbers themselves, as float32."
        case .structured:
            "holds records of several fields. Save each field as an array of its own."
        case .bigEndian(let type):
            "holds big-endian numbers (\(type)). Save it little-endian: x.astype(x.dtype.newbyteorder(\"<\"))."
        case .rawBytes(let type):
            "holds bytes of a type that NumPy did not name (\(type)): bfloat16 arrays are saved so, and others."
                + " Save it as float32 or float16, or as safetensors."
        case .unknownElementType(let type):
            "holds elements of type \(type), which is not read. Save it as float32 or float16."
        case .fortranOrder(let shape):
            "of shape \(shape) lies in Fortran order, which is read of matrices only. Save numpy.ascontiguousarray(x)."
        case .shapeOverflow(let shape):
            "has shape \(shape), more than a file can hold."
        case .size(let elementType, let shape, let expected, let found):
            "of type \(elementType.rawValue) and shape \(shape) takes \(expected) bytes but has \(found)."
                + " Download the file again."
        }
    }
}
