/// The header of a `.npy` file, checked against its bytes (numpy.lib.format, versions 1.0, 2.0 and 3.0).
///
/// The file has eight bytes of magic and version, the header's length in two bytes (four since 2.0), a Python dict of
/// `descr`, `fortran_order` and `shape`, and the elements.
struct NumPyHeader: Equatable {
    let elementType: ElementType
    let shape: [Int]
    /// Whether the elements of a matrix are stored column by column, as in a transposed array.
    let isColumnMajor: Bool
    /// Where the elements begin.
    let byteCount: Int

    private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    /// NumPy's own limit, unless told to trust the file.
    private static let lengthLimit = 10_000
    /// The longest header with all that precedes it.
    static let byteLimit = magic.count + 6 + lengthLimit

    /// The length of the header of a file that begins with these bytes; 0 if it is not supported.
    static func byteCount(_ bytes: UnsafeRawBufferPointer) -> Int { (try? textRange(bytes))?.upperBound ?? 0 }

    /// - Parameters:
    ///   - bytes: the file's first bytes, containing at least the header.
    ///   - fileByteCount: the length of the whole file.
    init(_ bytes: UnsafeRawBufferPointer, fileByteCount: Int) throws(NumPyFault) {
        let range = try Self.textRange(bytes)
        guard range.upperBound <= fileByteCount else { throw .headerPastEnd(length: range.count, byteCount: fileByteCount) }
        let text = Array(bytes[range])
        guard case .dict(let members) = try PythonLiteral.parse(text), members.count == 3,
            let type = members["descr"], case .boolean(let isFortran)? = members["fortran_order"],
            case .tuple(let extents)? = members["shape"]
        else { throw .headerKeys }
        var shape: [Int] = []
        for extent in extents {
            guard case .integer(let count) = extent, count >= 0 else { throw .headerKeys }
            shape.append(count)
        }
        elementType = try ElementType(numPy: type)
        self.shape = shape
        byteCount = range.upperBound
        // If at most one extent is more than 1, both orders are the same.
        isColumnMajor = isFortran && shape.count(where: { $0 > 1 }) > 1
        guard !isColumnMajor || shape.count == 2 else { throw .fortranOrder(shape: shape) }
        guard let expected = elementType.byteCount(of: shape) else { throw .shapeOverflow(shape) }
        guard fileByteCount - byteCount == expected else {
            throw .size(elementType: elementType, shape: shape, expected: expected, found: fileByteCount - byteCount)
        }
    }

    /// The place of the dict's text.
    private static func textRange(_ bytes: UnsafeRawBufferPointer) throws(NumPyFault) -> Range<Int> {
        guard bytes.starts(with: magic), bytes.count >= magic.count + 6 else { throw .noMagic }
        let fields = LittleEndianFields(bytes[magic.count...])
        let (major, minor) = (Int(bytes[magic.count]), Int(bytes[magic.count + 1]))
        guard (1...3).contains(major), minor == 0 else { throw .version(major: major, minor: minor) }
        let start = magic.count + (major == 1 ? 4 : 6)
        let length = major == 1 ? Int(fields.short(2)) : Int(fields.word(2))
        guard length <= lengthLimit else { throw .headerTooLong(length: length, limit: lengthLimit) }
        return start..<start + length
    }
}

extension ElementType {
    /// The type of NumPy's `descr`, such as `<f4`.
    fileprivate init(numPy descr: PythonLiteral) throws(NumPyFault) {
        guard case .string(let text) = descr else { throw .structured }
        let (order, name) = (text.prefix(1), text.dropFirst())
        if name.hasPrefix("O") { throw .objects }
        if name.hasPrefix("V") { throw .rawBytes(type: text) }
        guard let type = Self.numPyNames[String(name)], ["<", ">", "|"].contains(order) else {
            throw .unknownElementType(text)
        }
        if order == ">", type.byteCount > 1 { throw .bigEndian(type: text) }
        // Only single bytes have no byte order.
        if order == "|", type.byteCount > 1 { throw .unknownElementType(text) }
        self = type
    }

    private static let numPyNames: [String: ElementType] = [
        "f8": .f64, "f4": .f32, "f2": .f16, "c8": .c64, "i8": .i64, "i4": .i32, "i2": .i16, "i1": .i8,
        "u8": .u64, "u4": .u32, "u2": .u16, "u1": .u8, "b1": .bool,
    ]
}
