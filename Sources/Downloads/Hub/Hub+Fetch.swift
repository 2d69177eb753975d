internal import Checkpoints
internal import Foundation

extension Hub {
    /// Downloads what is missing, several files at once, into the cache.
    ///
    /// Snapshots get their links, and branches their commits, once everything is here. So an interrupted download leaves
    /// nothing that could be mistaken for the whole, only what the next one continues from.
    ///
    /// - Parameter progress: called often and from several threads, one at a time.
    /// - Throws: `DownloadError`, `CancellationError` soon after its task is cancelled.
    package func fetch(_ plan: DownloadPlan, progress: DownloadProgressHandler? = nil) async throws -> DownloadResult {
        let downloads = plan.downloads
        let counter = ProgressCounter(bytesTotal: plan.missingByteCount, filesTotal: downloads.count, handler: progress)
        if !downloads.isEmpty {
            try checkSpace(for: plan)
            let transfers = downloads.map { part, file in
                Transfer(
                    file: file.remote, reference: part.reference, commit: part.commit,
                    store: RepositoryStore(part.reference, in: cache), bytesCounted: file.bytesHere)
            }
            try await fetch(transfers, for: plan.reference, counter)
        }
        // The requested repository comes last: where it is, everything is.
        for part in plan.parts.reversed() {
            let store = RepositoryStore(part.reference, in: cache)
            for file in part.files { try store.link(file.remote, commit: part.commit) }
            try store.setRevision(to: part.commit)
        }
        return DownloadResult(url: try url(of: plan.reference), fetchedFiles: downloads.count, fetchedBytes: counter.bytes)
    }

    private func fetch(_ transfers: [Transfer], for reference: HubReference, _ counter: ProgressCounter) async throws {
        try await withThrowingTaskGroup(of: HubConnection.self) { group in
            var waiting = transfers[...]
            func startNext(_ connection: HubConnection) {
                guard let transfer = waiting.popFirst() else { return }
                group.addTask {
                    try await transfer.run(connection, hub: self, counter: counter)
                    return connection
                }
            }
            // Each file under way has a connection, which the next file reuses.
            for _ in 0..<min(Self.parallelFiles, transfers.count) { startNext(try connection(for: reference)) }
            while let connection = try await group.next() { startNext(connection) }
        }
    }

    private func checkSpace(for plan: DownloadPlan) throws(DownloadError) {
        guard let free = freeSpace(at: cache.root), free < plan.missingByteCount else { return }
        throw .space(needed: plan.missingByteCount, free: free, folder: cache.root)
    }

    private func url(of reference: HubReference) throws(DownloadError) -> URL {
        try inCheckpoints { () throws(CheckpointError) in try cache.resolve(reference) }
    }
}
