import Foundation
import Tensors

/// Elements copied out, for tensors that are small or not a matrix. The order is row-major.
extension StoredTensor {
    /// All elements as 32-bit floats; F64 is rounded.
    /// - Throws: `.elementType` unless it holds F64, F32, F16 or BF16, `.zip` if it is deflated and damaged.
    package func floats() throws(CheckpointError) -> [Float] {
        switch elementType {
        case .f32: try elements(of: Float.self) { $0 }
        case .f64: try elements(of: Double.self) { Float($0) }
        case .f16: try elements(of: UInt16.self) { Float(half: $0) }
        case .bf16: try elements(of: UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
        default: throw .elementType(tensor: name, expected: [.f64, .f32, .f16, .bf16], found: elementType, file: file)
        }
    }

    /// All elements as integers.
    /// - Throws: `.elementType` unless it holds integers, `.integerTooLarge` for a U64 beyond `Int.max`.
    package func integers() throws(CheckpointError) -> [Int] {
        switch elementType {
        case .i64: return try elements(of: Int64.self) { Int($0) }
        case .i32: return try elements(of: Int32.self) { Int($0) }
        case .i16: return try elements(of: Int16.self) { Int($0) }
        case .i8: return try elements(of: Int8.self) { Int($0) }
        case .u32: return try elements(of: UInt32.self) { Int($0) }
        case .u16: return try elements(of: UInt16.self) { Int($0) }
        case .u8: return try elements(of: UInt8.self) { Int($0) }
        case .u64:
            let values = try elements(of: UInt64.self) { $0 }
            if let large = values.first(where: { $0 > Int.max }) {
                throw .integerTooLarge(tensor: name, value: large, file: file)
            }
            return values.map { Int($0) }
        default:
            throw .elementType(
                tensor: name, expected: [.i64, .i32, .i16, .i8, .u64, .u32, .u16, .u8], found: elementType, file: file)
        }
    }

    /// All elements as booleans; every byte but 0 is true, as in PyTorch.
    /// - Throws: `.elementType` unless it holds BOOL.
    package func booleans() throws(CheckpointError) -> [Bool] {
        guard elementType == .bool else {
            throw .elementType(tensor: name, expected: [.bool], found: elementType, file: file)
        }
        return try elements(of: UInt8.self) { $0 != 0 }
    }

    /// - Precondition: `Stored` is as wide as an element.
    private func elements<Stored: BitwiseCopyable, Element>(
        of type: Stored.Type, _ convert: (Stored) -> Element
    ) throws(CheckpointError) -> [Element] {
        precondition(MemoryLayout<Stored>.size == elementType.byteCount)
        return try withBytes { bytes in
            [Element](unsafeUninitializedCapacity: count) { elements, initialized in
                // Files do not guarantee alignment.
                for index in 0..<count {
                    let storedIndex = isColumnMajor ? index % shape[1] * shape[0] + index / shape[1] : index
                    let stored = bytes.loadUnaligned(fromByteOffset: storedIndex * MemoryLayout<Stored>.size, as: Stored.self)
                    elements.initializeElement(at: index, to: convert(stored))
                }
                initialized = count
            }
        }
    }
}
