/// What comes of asking for a line.
package enum LineRead: Equatable {
    case line(String)
    /// A line of bytes that are not UTF-8.
    case notUTF8
    /// Nothing more can be read, for the reason given.
    case unreadable(String)
    case end
    /// A signal came instead.
    case signal(Int32)

    /// - Parameter bytes: without the line feed; a carriage return at the end belongs to that.
    package init(bytes: ArraySlice<UInt8>) {
        let bytes = bytes.last == 13 ? bytes.dropLast() : bytes
        // Files of millions of empty lines are read too.
        if bytes.isEmpty { self = .line("") } else { self = String(validating: bytes, as: UTF8.self).map(LineRead.line) ?? .notUTF8 }
    }
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
    private var buffer = LineBuffer()

    /// The lines of a file, whichever way they end.
    init(bytes: [UInt8]) { buffer.append(bytes[...]) }

    init(text: String) { self.init(bytes: Array(text.utf8)) }

    mutating func next(prompt: String) -> LineRead { (buffer.next() ?? buffer.last()).map(LineRead.init) ?? .end }

    /// Those that are UTF-8, except empty ones.
    var texts: [String] {
        var (rest, texts) = (self, [String]())
        while true {
            switch rest.next(prompt: "") {
            case .line(let text): if !text.isEmpty { texts.append(text) }
            case .end: return texts
            default: continue
            }
        }
    }
}

/// Lines as they arrive through a pipe or from a terminal.
struct PipedLines: LineSource {
    private let descriptor: Int32
    private let wakeupPipe: WakeupPipe
    private var buffer = LineBuffer()
    private var hasEnded = false
    /// Why no more can be read, until somebody was told.
    private var failure: String?

    /// Maximum number of bytes in a line. What never has a line feed is not text.
    static let longestLine = 16_000_000

    init(descriptor: Int32, wakeupPipe: WakeupPipe) {
        self.descriptor = descriptor
        self.wakeupPipe = wakeupPipe
    }

    mutating func next(prompt: String) -> LineRead {
        while true {
            if let line = buffer.next() { return LineRead(bytes: line) }
            if buffer.pendingCount > Self.longestLine { end(because: "a line is longer than \(Self.longestLine / 1_000_000) MB") }
            if let reason = failure {
                failure = nil
                return .unreadable(reason)
            }
            if hasEnded { return buffer.last().map(LineRead.init) ?? .end }
            switch wakeupPipe.wait(watching: descriptor) {
            case .signal(let number): return .signal(number)
            case .readable: fill()
            case .done, .resumed: continue
            }
        }
    }

    private mutating func fill() {
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        let count = systemRead(descriptor, &piece, piece.count)
        if count > 0 {
            buffer.append(piece[..<count])
        } else if count == 0 {
            hasEnded = true
        } else if !SystemFailure.last.isPassing {
            end(because: SystemFailure.last.reason)
        }
    }

    /// An incomplete line is not a command.
    private mutating func end(because reason: String) {
        (buffer, hasEnded, failure) = (LineBuffer(), true, reason)
    }
}
