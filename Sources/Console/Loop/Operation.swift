import Downloads
import Workbench

/// A long piece of work, run from the main thread: progress on a terminal, Ctrl-C cancels its task, and what it misses of
/// the hub is fetched if somebody at the terminal says so.
struct Operation {
    let waiter: Waiter
    /// Told of every signal.
    var onSignal: (Int32) -> Void = { _ in }
    /// Whether somebody can be asked.
    var mayAsk = Terminal.isTerminal(0) && Terminal.isTerminal(2)

    /// - Throws: what the work throws; `CancellationError` after Ctrl-C.
    func run<Answer: Sendable>(_ work: @escaping @Sendable (ProgressHandler?) async throws -> Answer) throws -> Answer {
        guard mayAsk else { return try attempt(work) }
        do {
            return try attempt(work)
        } catch let missing as MissingFromHub {
            let offer = try attempt { _ in try await missing.offer() }
            guard try isAgreed(to: offer) else { throw DownloadFailure.declined(offer.name) }
            do {
                try attempt { progress in try await offer.fetch(progress: progress) }
            } catch is CancellationError { throw DownloadFailure.interrupted }
        }
        // A set is here now; the model that was named beside it may not be.
        return try run(work)
    }

    private func attempt<Answer: Sendable>(_ work: @escaping @Sendable (ProgressHandler?) async throws -> Answer) throws -> Answer {
        let line = Terminal.isTerminal(2) ? ProgressLine() : nil
        defer { line?.erase() }
        let progress: ProgressHandler? = line.map { line in { @Sendable in line.show($0) } }
        let heard = { (signal: Int32) in
            line?.markUsed()
            onSignal(signal)
        }
        return try waiter.run(onSignal: heard) { try await work(progress) }
    }

    private func isAgreed(to offer: DownloadOffer) throws -> Bool {
        let files = offer.fileCount == 1 ? "1 file" : "\(offer.fileCount) files"
        try? Files.write(
            "\(offer.name) is not on this machine. Fetch \(files), \(byteText(offer.byteCount)), into \(offer.cache)? [y/N] ", to: 2)
        var typed = PipedLines(descriptor: 0, wakeups: waiter.wakeups)
        switch typed.next(prompt: "") {
        case .line(let answer): return ["y", "yes"].contains(answer.lowercased())
        case .signal(let number):
            onSignal(number)
            try? Files.write("\n", to: 2)
            throw CancellationError()
        case .garbled: return false
        case .end:
            try? Files.write("\n", to: 2)
            return false
        }
    }
}

/// Why a download that was offered did not come to its end.
enum DownloadFailure: Error, CustomStringConvertible {
    case declined(String)
    case interrupted

    var description: String {
        switch self {
        case .declined(let name): "\(name) was not fetched"
        case .interrupted: "interrupted; what has arrived is kept, and the same line goes on from there"
        }
    }
}
