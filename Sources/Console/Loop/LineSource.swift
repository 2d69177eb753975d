/// What comes of asking for a line.
enum LineRead: Equatable {
    case line(String)
    case end
    /// A signal came instead.
    case signal(Int32)
}

/// Where command lines come from: a terminal, a pipe, a file, a list.
protocol LineSource {
    /// - Parameter prompt: shown where somebody types.
    mutating func next(prompt: String) -> LineRead
}

/// Lines that are all there from the beginning.
struct ListedLines: LineSource {
    private var rest: ArraySlice<String>

    init(_ lines: [String]) { rest = lines[...] }

    /// The lines of a text, whichever way they end.
    init(text: String) {
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" || $0 == "\r\n" }).map(String.init)
        if lines.last == "" { lines.removeLast() }
        self.init(lines)
    }

    mutating func next(prompt: String) -> LineRead { rest.popFirst().map(LineRead.line) ?? .end }
}

/// Lines as they arrive through a pipe.
struct PipedLines: LineSource {
    private let descriptor: Int32
    private let wakeups: Wakeups
    private var pending: [UInt8] = []
    private var hasEnded = false

    init(descriptor: Int32, wakeups: Wakeups) {
        self.descriptor = descriptor
        self.wakeups = wakeups
    }

    mutating func next(prompt: String) -> LineRead {
        while true {
            if let newline = pending.firstIndex(of: 10) {
                let line = pending[..<newline]
                pending.removeSubrange(...newline)
                return .line(Self.text(line))
            }
            if hasEnded {
                defer { pending = [] }
                return pending.isEmpty ? .end : .line(Self.text(pending[...]))
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

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.last == 13 ? bytes.dropLast() : bytes, as: UTF8.self)
    }
}
