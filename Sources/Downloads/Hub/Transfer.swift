internal import Checkpoints

/// One file on its way from the hub to its blob.
struct Transfer: Sendable {
    let file: RemoteFile
    let reference: HubReference
    let commit: String
    let store: RepositoryStore
    /// How many of its bytes were here when the counter's total was computed.
    let bytesCounted: Int

    private var name: HubReference { reference.appending(path: file.path) }

    /// Downloads what is missing, checks the whole and renames it. An interrupted download leaves what has arrived.
    /// - Throws: `DownloadError`, `CancellationError`.
    func run(_ connection: HubConnection, hub: Hub, counter: ProgressCounter) async throws {
        try store.prepare()
        let lock = try await lock(counter)
        // Another program may have been quicker.
        if store.whole(file, commit: commit) != nil { return counter.finishFile() }
        let partial = try PartialFile(store.incomplete(file.blob), size: file.size, lock: lock)
        try await hub.patience.files.retrying(progress: { partial.count }) {
            if partial.count < file.size { try await fetch(partial, connection, hub, counter) }
        }
        try await check(partial, counter)
        try partial.finish(as: store.blob(file.blob))
        counter.finishFile()
    }

    /// The file's lock. What another program downloads while holding it counts as ours: of eight jobs that want the same
    /// file, one downloads it.
    private func lock(_ counter: ProgressCounter) async throws -> FileLock {
        var counted = bytesCounted
        func count() {
            let here = store.bytesHere(of: file, commit: commit).count
            counter.add(bytes: here - counted)
            counted = here
        }
        let lock = try await store.lock(file.blob, onWait: count)
        count()
        return lock
    }

    /// One request for all that is missing.
    private func fetch(_ partial: PartialFile, _ connection: HubConnection, _ hub: Hub, _ counter: ProgressCounter) async throws {
        let start = partial.count
        let url = connection.endpoint.file(file.path, of: reference, commit: commit)
        let trail = try await connection.ask(
            HubConnection.Question(url: url, start: start),
            onHead: { trail in
                let head = trail.last!
                guard head.isSuccess else { return }
                try checkCommit(trail)
                // A host without ranges sends everything again.
                if start > 0, head.status != 206 || head.rangeStart != start {
                    guard head.status == 200 else { throw RetryableFailure(.unreachable(host: host(head), problem: .lost)) }
                    try startAgain(partial, counter)
                }
                if let length = head.length, length != file.size - partial.count {
                    let (found, isTooMuch) = partial.count.addingReportingOverflow(length)
                    throw wrongSize(partial, found: isTooMuch ? .max : found)
                }
            },
            onBody: { piece in
                guard try partial.append(piece) else { throw wrongSize(partial, found: partial.count + piece.count) }
                counter.add(bytes: piece.count)
            })
        let head = trail.last!
        if head.status == 416 {
            // The host has nothing after what we have, so ours is not the beginning of its file.
            try startAgain(partial, counter)
            throw RetryableFailure(.status(416, host: host(head), wait: nil))
        }
        guard head.isSuccess else { throw await connection.refusal(head, of: name, hub: hub) }
        if partial.count < file.size { throw RetryableFailure(.unreachable(host: host(head), problem: .lost)) }
    }

    private func wrongSize(_ partial: PartialFile, found: Int) -> DownloadError {
        partial.delete()
        return .size(file: name, expected: file.size, found: found)
    }

    private func startAgain(_ partial: PartialFile, _ counter: ProgressCounter) throws(DownloadError) {
        counter.add(bytes: -partial.count)
        try partial.restart()
    }

    /// The hub says which commit it serves.
    private func checkCommit(_ trail: HubConnection.Trail) throws(DownloadError) {
        guard let served = trail.lazy.compactMap({ $0["X-Repo-Commit"] }).first, served != commit else { return }
        throw .commit(file: name, expected: commit, found: served)
    }

    private func check(_ partial: PartialFile, _ counter: ProgressCounter) async throws {
        let found = try await partial.hash(file.blob.check, onPiece: counter.repeatLast)
        guard found == file.blob.name else {
            partial.delete()
            throw DownloadError.hash(file: name, expected: file.blob.name, found: found)
        }
    }

    private func host(_ head: WebHead) -> String { Origin(head.url)?.description ?? "" }
}
