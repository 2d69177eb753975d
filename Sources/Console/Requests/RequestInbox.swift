#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The lines that a program sends, read as they come, also while a command runs.
final class RequestInbox: WatchedInput {
    /// A line whose turn has not come.
    struct Entry: Equatable {
        let line: Result<Request, RequestFault>
        var isCancelled = false

        var id: RequestID {
            switch line {
            case .success(let request): request.id
            case .failure(let fault): fault.id
            }
        }
    }

    /// The most entries that wait. While there are as many, nothing is read.
    static let capacity = 1000

    private let input: Int32
    /// Where answers go; nil if nobody can be seen to stop reading them.
    private let output: Int32?
    private var buffer = LineBuffer()
    /// Whether a line is too long, and its end has not come.
    private var isSkipping = false
    private var entries: [Entry] = []
    private(set) var hasEnded = false
    /// Whether nobody reads the answers any more.
    private(set) var isAbandoned = false
    /// The request that runs.
    private var running: (id: RequestID, stop: RequestStop)?

    /// - Parameters:
    ///   - input: descriptor of what the program writes.
    ///   - output: descriptor of what it reads.
    init(input: Int32, output: Int32) {
        self.input = input
        self.output = isPipe(output) ? output : nil
    }

    /// After the end of all lines, nothing is left to be seen but that nobody reads the answers.
    var descriptor: Int32? { hasEnded ? (isAbandoned ? nil : output) : entries.count < Self.capacity ? input : nil }

    /// The next line; nil if none is complete.
    func take() -> Entry? { entries.isEmpty ? nil : entries.removeFirst() }

    /// Says which request runs, so that it can be cancelled; nil if none does.
    func begin(_ id: RequestID, stop: RequestStop) { running = (id, stop) }

    func end() { running = nil }

    func read() {
        if hasEnded { return watchReader() }
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        let count = systemRead(input, &piece, piece.count)
        if count < 0, SystemFailure.last.isPassing { return }
        if count > 0 { append(piece[..<count]) } else { end(of: buffer.last()) }
    }

    private func append(_ piece: ArraySlice<UInt8>) {
        var piece = piece
        if isSkipping {
            guard let end = piece.firstIndex(of: 10) else { return }
            piece = piece[(end + 1)...]
            isSkipping = false
        }
        buffer.append(piece)
        while let line = buffer.next() { add(line) }
        guard buffer.pendingCount > PipedLines.longestLine else { return }
        (buffer, isSkipping) = (LineBuffer(), true)
        entries.append(Entry(line: .failure(Self.tooLong)))
    }

    private static let tooLong = RequestFault("The line is longer than \(PipedLines.longestLine / 1_000_000) MB")

    private func end(of line: ArraySlice<UInt8>?) {
        hasEnded = true
        if let line { add(line) }
    }

    private func add(_ line: ArraySlice<UInt8>) {
        if line.allSatisfy({ $0 == 32 || $0 == 9 || $0 == 13 }) { return }
        do throws(RequestFault) {
            if line.count > PipedLines.longestLine { throw Self.tooLong }
            switch try RequestMessage(Array(line)) {
            case .request(let request): entries.append(Entry(line: .success(request)))
            case .cancel(let id): cancel(id)
            }
        } catch {
            entries.append(Entry(line: .failure(error)))
        }
    }

    private func cancel(_ id: RequestID) {
        if running?.id == id { running?.stop.stop(.cancel) }
        for index in entries.indices where entries[index].id == id { entries[index].isCancelled = true }
    }

    private func watchReader() {
        guard let output else { return }
        var watched = pollfd(fd: output, events: 0, revents: 0)
        _ = poll(&watched, 1, 0)
        guard Int32(watched.revents) & (POLLERR | POLLNVAL) != 0 else { return }
        isAbandoned = true
        running?.stop.stop(.abandoned)
    }
}

/// Of other files, a poll says nothing about who reads them.
private func isPipe(_ descriptor: Int32) -> Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
}
