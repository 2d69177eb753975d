import Checkpoints

extension StoredTensor {
    /// How many elements are there once they are read as what they are; `nil` for the types that only lie there.
    func readCount() throws(CheckpointError) -> Int? {
        switch elementType {
        case .f64, .f32, .f16, .bf16: try floats().count
        case .i64, .i32, .i16, .i8, .u64, .u32, .u16, .u8: try integers().count
        case .bool: try booleans().count
        case .f8e4m3, .f8e5m2, .f8e8m0, .f8e4m3fnuz, .f8e5m2fnuz, .f6e2m3, .f6e3m2, .f4, .c64: nil
        }
    }
}
