internal import Dispatch
internal import Foundation
internal import Synchronization

extension StoredTensor {
    /// Whether both hold the same numbers in the same shape. Reads both up to the first difference.
    package func holdsSame(as other: StoredTensor) -> Bool {
        guard shape == other.shape else { return false }
        if elementType == other.elementType, isColumnMajor == other.isColumnMajor { return hasSameBytes(as: other) }
        guard let numbers = try? floats(), let others = try? other.floats() else { return false }
        return numbers == others
    }

    private func hasSameBytes(as other: StoredTensor) -> Bool {
        guard let bytes = try? bytes(), let others = try? other.bytes() else { return false }
        let (piece, byteCount) = (1 << 22, byteCount)
        let isSame = Atomic(true)
        bytes.withBytes { bytes in
            others.withBytes { others in
                let (first, second) = (UInt(bitPattern: bytes.baseAddress), UInt(bitPattern: others.baseAddress))
                DispatchQueue.concurrentPerform(iterations: (byteCount + piece - 1) / piece) { index in
                    let start = index * piece
                    guard isSame.load(ordering: .relaxed) else { return }
                    let differs =
                        memcmp(
                            UnsafeRawPointer(bitPattern: first)! + start, UnsafeRawPointer(bitPattern: second)! + start,
                            min(piece, byteCount - start)) != 0
                    if differs { isSame.store(false, ordering: .relaxed) }
                }
            }
        }
        return isSame.load(ordering: .relaxed)
    }
}
