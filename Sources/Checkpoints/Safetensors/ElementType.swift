public import Tensors

/// What one element of a tensor in a file can be, by the name that headers of safetensors files use.
///
/// The types of less than a byte (F4, F6) are not read.
public enum ElementType: String, Sendable, CaseIterable {
    case f64 = "F64"
    case f32 = "F32"
    case f16 = "F16"
    case bf16 = "BF16"
    case f8e4m3 = "F8_E4M3"
    case f8e5m2 = "F8_E5M2"
    case f8e8m0 = "F8_E8M0"
    case c64 = "C64"
    case i64 = "I64"
    case i32 = "I32"
    case i16 = "I16"
    case i8 = "I8"
    case u64 = "U64"
    case u32 = "U32"
    case u16 = "U16"
    case u8 = "U8"
    case bool = "BOOL"

    /// Bytes an element takes.
    public var byteCount: Int {
        switch self {
        case .f64, .c64, .i64, .u64: 8
        case .f32, .i32, .u32: 4
        case .f16, .bf16, .i16, .u16: 2
        case .f8e4m3, .f8e5m2, .f8e8m0, .i8, .u8, .bool: 1
        }
    }

    /// Bytes a tensor of that shape takes; `nil` when the product does not fit an `Int`, even on the way to a factor of
    /// 0, as in the safetensors library.
    func byteCount(of shape: [Int]) -> Int? {
        var product = byteCount
        for extent in shape {
            let (partial, overflows) = product.multipliedReportingOverflow(by: extent)
            if overflows { return nil }
            product = partial
        }
        return product
    }

    /// The type of the matrix such elements can be lent as; `nil` where they would have to be converted first.
    public var dtype: DType? {
        switch self {
        case .f32: .float32
        case .f16: .float16
        case .bf16: .bfloat16
        case .f64, .f8e4m3, .f8e5m2, .f8e8m0, .c64, .i64, .i32, .i16, .i8, .u64, .u32, .u16, .u8, .bool: nil
        }
    }
}
