internal import Synchronization

/// Counts what arrives, from many files at once, and reports it.
final class ProgressCounter: Sendable {
    private let counts: Mutex<(bytes: Int, files: Int)> = Mutex((0, 0))
    private let bytesTotal: Int
    private let filesTotal: Int
    private let handler: DownloadProgressHandler?

    init(bytesTotal: Int, filesTotal: Int, handler: DownloadProgressHandler?) {
        (self.bytesTotal, self.filesTotal, self.handler) = (bytesTotal, filesTotal, handler)
    }

    var bytes: Int { counts.withLock { $0.bytes } }

    /// - Parameter bytes: negative when what had arrived turned out to be useless.
    func add(bytes: Int) { change { $0.bytes += bytes } }

    /// Reports the same progress again, while a file is checked and nothing arrives.
    func repeatLast() { change { _ in } }

    func finishFile() { change { $0.files += 1 } }

    /// Reports in the order of counting: the handler is called with the lock held, so it must be quick.
    private func change(_ update: (inout (bytes: Int, files: Int)) -> Void) {
        counts.withLock { counts in
            update(&counts)
            handler?(
                DownloadProgress(
                    bytesDone: max(0, min(counts.bytes, bytesTotal)), bytesTotal: bytesTotal, filesDone: counts.files,
                    filesTotal: filesTotal))
        }
    }
}
