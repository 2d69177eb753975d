/// What comes of asking for a line.
package enum LineRead: Equatable {
    case line(String)
    /// A line of bytes that are no UTF-8.
    case garbled
    case end
    /// A signal came instead.
    case signal(Int32)

    /// - Parameter bytes: without the line feed; a carriage return at the end belongs to that.
    init(bytes: ArraySlice<UInt8>) {
        let bytes = bytes.last == 13 ? bytes.dropLast() : bytes
        self = String(validating: bytes, as: UTF8.self).map(LineRead.line) ?? .garbled
    }

    /// How some editors begin a file in UTF-8; not part of its first line.
    package static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
}

/// Where command lines come from: a terminal, a pipe, a file, a list.
protocol LineSource {
    /// - Parameter prompt: shown where somebody types.
    mutating func next(prompt: String) -> LineRead

    /// Told of each command once all its lines are read.
    mutating func remember(_ command: String)
}

extension LineSource {
    /// Only what people type is worth remembering.
    mutating func remember(_ command: String) {}
}

/// Lines that are all there from the beginning.
struct ListedLines: LineSource {
    private var rest: ArraySlice<LineRead>

    /// The lines of a file, whichever way they end.
    init(bytes: [UInt8]) {
        let text = bytes.starts(with: LineRead.byteOrderMark) ? bytes.dropFirst(LineRead.byteOrderMark.count) : bytes[...]
        var lines = text.split(separator: 10, omittingEmptySubsequences: false)
        if lines.last == [] { lines.removeLast() }
        rest = lines.map(LineRead.init)[...]
    }

    init(text: String) { self.init(bytes: Array(text.utf8)) }

    /// Those that are UTF-8.
    var texts: [String] { rest.compactMap { if case .line(let text) = $0 { text } else { nil } } }

    mutating func next(prompt: String) -> LineRead { rest.popFirst() ?? .end }
}

/// Lines as they arrive through a pipe.
struct PipedLines: LineSource {
    private let descriptor: Int32
    private let wakeups: Wakeups
    private var pending: [UInt8] = []
    private var isAtStart = true
    private var hasEnded = false

    init(descriptor: Int32, wakeups: Wakeups) {
        self.descriptor = descriptor
        self.wakeups = wakeups
    }

    mutating func next(prompt: String) -> LineRead {
        while true {
            if let newline = pending.firstIndex(of: 10) {
                defer { pending.removeSubrange(...newline) }
                return line(pending[..<newline])
            }
            if hasEnded {
                defer { pending = [] }
                return pending.isEmpty ? .end : line(pending[...])
            }
            switch wakeups.wait(watching: descriptor) {
            case .signal(let number): return .signal(number)
            case .readable: fill()
            case .done, .resumed: continue
            }
        }
    }

    private mutating func fill() {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = systemRead(descriptor, &buffer, buffer.count)
        if count > 0 { pending += buffer[..<count] } else { hasEnded = true }
    }

    private mutating func line(_ bytes: ArraySlice<UInt8>) -> LineRead {
        defer { isAtStart = false }
        let hasMark = isAtStart && bytes.starts(with: LineRead.byteOrderMark)
        return LineRead(bytes: hasMark ? bytes.dropFirst(LineRead.byteOrderMark.count) : bytes)
    }
}
