import Downloads
import Workbench

/// A long piece of work, run from the main thread: progress on standard error, Ctrl-C cancels its task, and what it misses
/// of the hub is fetched where the policy says so.
struct Operation {
    let waiter: Waiter
    /// Told of every signal.
    var onSignal: (Int32) -> Void = { _ in }
    var downloads = DownloadPolicy.usual
    /// Who hears of it in place of standard error.
    var reporting: Reporting?
    /// What is read meanwhile.
    var input: (any WatchedInput)?

    /// Who hears how far an operation is, and what it says besides.
    struct Reporting {
        let progress: ProgressHandler
        let say: (String) -> Void
    }

    /// - Throws: what the work throws; `CancellationError` after Ctrl-C.
    func run<Answer: Sendable>(_ work: @escaping @Sendable (@escaping ProgressHandler) async throws -> Answer) throws -> Answer {
        var fetched: Set<String> = []
        while true {
            do {
                return try attempt(work)
            } catch let missing as MissingFromHub {
                // A set is here then; the model that was named beside it may not be. What is fetched is missed no more.
                guard mayFetch(missing), fetched.insert(missing.name).inserted else { throw missing }
                try fetch(missing)
            }
        }
    }

    private func mayFetch(_ missing: MissingFromHub) -> Bool {
        switch downloads {
        case .ask: !missing.isOffline
        case .fetch: !missing.isOffline && !missing.needsConsent
        case .refuse: false
        }
    }

    private func fetch(_ missing: MissingFromHub) throws {
        do {
            let offer = try attempt { _ in try await missing.offer() }
            if downloads == .ask {
                guard try isAgreed(to: offer) else { throw DownloadFailure.declined(offer.name) }
            } else {
                say("\(offer.summary); fetching into \(offer.cache)")
            }
            do {
                try attempt { progress in try await offer.fetch(progress: progress) }
            } catch is CancellationError { throw DownloadFailure.interrupted }
            if downloads == .fetch { say("fetched \(byteText(offer.byteCount))") }
        } catch let error as DownloadError {
            throw missing.notFetched(because: error)
        }
    }

    private func say(_ sentence: String) {
        if let reporting { reporting.say(sentence) } else { StandardStream.error.say("\(sentence)\n") }
    }

    private func attempt<Answer: Sendable>(_ work: @escaping @Sendable (@escaping ProgressHandler) async throws -> Answer) throws -> Answer {
        if let progress = reporting?.progress { return try waiter.run(onSignal: onSignal, reading: input) { try await work(progress) } }
        let line = Terminal.isTerminal(2) ? ProgressLine() : nil
        defer { line?.erase() }
        let log = ProgressLog()
        let progress: ProgressHandler = { step in if let line { line.show(step) } else { log.show(step) } }
        let heard = { (signal: Int32) in
            line?.markUsed()
            onSignal(signal)
        }
        return try waiter.run(onSignal: heard) { try await work(progress) }
    }

    private func isAgreed(to offer: DownloadOffer) throws -> Bool {
        try Question(text: "\(offer.summary). Download to \(offer.cache)?").isAgreed(wakeupPipe: waiter.wakeupPipe, onSignal: onSignal)
    }
}

extension DownloadOffer {
    /// What is missing, and how much it is.
    fileprivate var summary: String {
        let files = fileCount == 1 ? "1 file that is" : "\(fileCount) files that are"
        return "\(name) needs \(files) not on this machine, \(byteText(byteCount))"
    }
}

/// Why a download that was offered did not come to its end.
package enum DownloadFailure: Error, CustomStringConvertible {
    case declined(String)
    case interrupted

    package var description: String {
        switch self {
        case .declined(let name): "\(name) was not downloaded"
        case .interrupted: "interrupted; what has arrived is kept, and the same command continues from there"
        }
    }
}
