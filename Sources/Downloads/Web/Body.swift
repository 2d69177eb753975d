internal import Foundation
internal import Synchronization

/// A small body as it arrives.
final class Body: Sendable {
    private let bytes = Mutex(Data())

    var data: Data { bytes.withLock { $0 } }

    /// - Returns: how many bytes there are now.
    func append(_ piece: Data) -> Int {
        bytes.withLock { bytes in
            bytes.append(piece)
            return bytes.count
        }
    }
}
