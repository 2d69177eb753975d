internal import JSON

/// Takes lines out of bytes that arrive piece by piece, in time linear in their number.
package struct LineBuffer {
    private var bytes: [UInt8] = []
    /// Where the next line begins.
    private var start = 0
    /// No line feed is between `start` and here.
    private var searched = 0
    private var isAtStart = true

    package init() {}

    /// How many bytes of a line that has not ended are held.
    package var pendingCount: Int { bytes.count - start }

    package mutating func append(_ piece: ArraySlice<UInt8>) {
        bytes.removeFirst(start)
        searched -= start
        start = 0
        bytes += piece
    }

    /// The next line without its line feed, and without a byte order mark before the first; nil if none has ended yet.
    package mutating func next() -> ArraySlice<UInt8>? {
        guard let end = bytes[searched...].firstIndex(of: 10) else {
            searched = bytes.count
            return nil
        }
        return take(to: end)
    }

    /// The bytes after the last line feed, at the end of all bytes; nil if there are none.
    package mutating func last() -> ArraySlice<UInt8>? { start < bytes.count ? take(to: bytes.count) : nil }

    private mutating func take(to end: Int) -> ArraySlice<UInt8> {
        if isAtStart, bytes[start..<end].starts(with: byteOrderMark) { start += byteOrderMark.count }
        defer {
            start = min(end + 1, bytes.count)
            searched = start
            isAtStart = false
        }
        return bytes[start..<end]
    }
}
