internal import Foundation

/// Memory for bytes that do not lie in a file as they are wanted: a deflated member, or elements gathered.
final class OwnedMemory: Sendable {
    private let address: UInt

    /// `nil` when there is not so much memory.
    init?(byteCount: Int) {
        // Not an array: that would be cleared first, and a refusal would be a crash.
        guard let start = malloc(max(byteCount, 1)) else { return nil }
        address = UInt(bitPattern: start)
    }

    deinit { free(start) }

    var start: UnsafeMutableRawPointer { UnsafeMutableRawPointer(bitPattern: address)! }
}
