/// The type of a stored tensor's elements in its file.
public enum DType: String, Sendable, CaseIterable {
    /// IEEE 754, 4 bytes.
    case float32 = "F32"
    /// IEEE 754, 2 bytes.
    case float16 = "F16"
    /// The upper 2 bytes of a 32-bit float.
    case bfloat16 = "BF16"

    /// Size of an element in bytes.
    public var byteCount: Int {
        switch self {
        case .float32: 4
        case .float16, .bfloat16: 2
        }
    }
}
