import Foundation

/// Receives the bytes of a file being written, in order. Short pieces are buffered, long ones are written directly.
package final class FileSink {
    /// Bytes written so far.
    package private(set) var byteCount = 0

    private let descriptor: Int32
    /// The file that errors name: the requested one, not the temporary one.
    private let url: URL
    private var gathered: [UInt8] = []

    private static let gatherLimit = 1 << 16

    init(descriptor: Int32, url: URL) {
        self.descriptor = descriptor
        self.url = url
    }

    /// - Throws: `.unwritable`.
    package func write(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) {
        byteCount += bytes.count
        if gathered.count + bytes.count > Self.gatherLimit { try flush() }
        if bytes.count > Self.gatherLimit {
            try writeThrough(bytes)
        } else {
            gathered.append(contentsOf: bytes)
        }
    }

    /// Writes the elements' bytes.
    /// - Throws: `.unwritable`.
    package func write(_ elements: [some BitwiseCopyable]) throws(CheckpointError) {
        try elements.withUnsafeBufferPointer { buffer throws(CheckpointError) in
            try write(UnsafeRawBufferPointer(buffer))
        }
    }

    /// Writes the text in UTF-8.
    /// - Throws: `.unwritable`.
    package func write(_ text: String) throws(CheckpointError) { try write(Array(text.utf8)) }

    func flush() throws(CheckpointError) {
        guard !gathered.isEmpty else { return }
        let bytes = gathered
        gathered.removeAll(keepingCapacity: true)
        try bytes.withUnsafeBufferPointer { buffer throws(CheckpointError) in
            try writeThrough(UnsafeRawBufferPointer(buffer))
        }
    }

    private func writeThrough(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            // Linux writes at most 2^31 - 4096 bytes at once; macOS refuses more.
            let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
            let written = systemWrite(descriptor, piece)
            if written < 0 {
                if errno == EINTR { continue }
                throw .unwritable(file: url, reason: .last)
            }
            rest = rest.dropFirst(written)
        }
    }
}

/// The system's `write`, whose name the methods above hide.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(descriptor, bytes.baseAddress, bytes.count)
}
