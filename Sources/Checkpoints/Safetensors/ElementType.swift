package import Tensors

/// The type of a tensor's elements in a file, by its name in safetensors headers.
///
/// Includes types that are never computed with, since files can contain tensors that are not used.
package enum ElementType: String, Sendable, CaseIterable {
    /// IEEE 754, 64 bits.
    case f64 = "F64"
    /// IEEE 754, 32 bits.
    case f32 = "F32"
    /// IEEE 754, 16 bits.
    case f16 = "F16"
    /// The upper half of a 32-bit float.
    case bf16 = "BF16"
    /// 8 bits: a sign, 4 of exponent, 3 of mantissa.
    case f8e4m3 = "F8_E4M3"
    /// 8 bits: a sign, 5 of exponent, 2 of mantissa.
    case f8e5m2 = "F8_E5M2"
    /// 8 bits of exponent: a scale.
    case f8e8m0 = "F8_E8M0"
    /// Like `f8e4m3`, without infinities and negative zero.
    case f8e4m3fnuz = "F8_E4M3FNUZ"
    /// Like `f8e5m2`, without infinities and negative zero.
    case f8e5m2fnuz = "F8_E5M2FNUZ"
    /// 6 bits: a sign, 2 of exponent, 3 of mantissa.
    case f6e2m3 = "F6_E2M3"
    /// 6 bits: a sign, 3 of exponent, 2 of mantissa.
    case f6e3m2 = "F6_E3M2"
    /// 4 bits: a sign, 2 of exponent, 1 of mantissa.
    case f4 = "F4"
    /// A complex number of two 32-bit floats.
    case c64 = "C64"
    /// Signed, 64 bits.
    case i64 = "I64"
    /// Signed, 32 bits.
    case i32 = "I32"
    /// Signed, 16 bits.
    case i16 = "I16"
    /// Signed, 8 bits.
    case i8 = "I8"
    /// Unsigned, 64 bits.
    case u64 = "U64"
    /// Unsigned, 32 bits.
    case u32 = "U32"
    /// Unsigned, 16 bits.
    case u16 = "U16"
    /// Unsigned, 8 bits.
    case u8 = "U8"
    /// A byte, 0 or 1.
    case bool = "BOOL"

    /// Bytes an element takes; 1 where several share a byte.
    package var byteCount: Int { max(bitCount / 8, 1) }

    private var bitCount: Int {
        switch self {
        case .f64, .c64, .i64, .u64: 64
        case .f32, .i32, .u32: 32
        case .f16, .bf16, .i16, .u16: 16
        case .f8e4m3, .f8e5m2, .f8e8m0, .f8e4m3fnuz, .f8e5m2fnuz, .i8, .u8, .bool: 8
        case .f6e2m3, .f6e3m2: 6
        case .f4: 4
        }
    }

    /// Whether weights can have this type: floating point of more than a byte.
    package var isFloat: Bool { dtype != nil || self == .f64 }

    /// The bytes of a tensor of that shape; nil if the product, or a part of it before a factor of 0, does not fit an `Int`,
    /// as in the safetensors library.
    func byteCount(of shape: [Int]) -> Int? {
        var product = byteCount
        for extent in shape {
            let (partial, overflows) = product.multipliedReportingOverflow(by: extent)
            if overflows { return nil }
            product = partial
        }
        // Only types smaller than a byte can leave a byte partly filled.
        return bitCount < 8 ? product / 8 * bitCount + (product % 8 * bitCount + 7) / 8 : product
    }

    /// The type of a matrix that can use such elements in place; nil if they must be converted first.
    package var dtype: DType? {
        switch self {
        case .f32: .float32
        case .f16: .float16
        case .bf16: .bfloat16
        case .f64, .f8e4m3, .f8e5m2, .f8e8m0, .f8e4m3fnuz, .f8e5m2fnuz, .f6e2m3, .f6e3m2, .f4, .c64, .i64, .i32, .i16, .i8, .u64,
            .u32, .u16, .u8, .bool:
            nil
        }
    }
}
