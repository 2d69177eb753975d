internal import Foundation

/// Memory for bytes that cannot be used in place in a file: a deflated member, or gathered elements.
final class OwnedMemory: Sendable {
    private let address: UInt

    /// Nil if there is not enough memory.
    init?(byteCount: Int) {
        // Not an array, which would be cleared first, and crash if there is not enough memory.
        guard let start = malloc(max(byteCount, 1)) else { return nil }
        address = UInt(bitPattern: start)
    }

    deinit { free(start) }

    var start: UnsafeMutableRawPointer { UnsafeMutableRawPointer(bitPattern: address)! }
}
