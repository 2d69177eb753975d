internal import Checkpoints
package import Foundation

/// Says whether files are whole. Needs no session, and changes nothing.
package struct FileCheck: Sendable {
    /// Reads a text that may be a transcript: nil if it is not one.
    package typealias TranscriptReader = @Sendable (_ bytes: [UInt8], _ file: URL) -> FileReport.Verdict?

    let transcript: TranscriptReader

    package init(transcript: @escaping TranscriptReader = { _, _ in nil }) { self.transcript = transcript }

    /// A report on each file: on one that is named also where nothing here knows its kind, and on every file in a folder and the
    /// folders in it. A file that several links lead to is read once.
    ///
    /// - Throws: `CheckpointError.unreadable` for what is not there; `CancellationError`.
    /// - Complexity: O(bytes) of the files that carry a checksum, or whose name is one.
    package func reports(on urls: [URL], progress: ProgressHandler? = nil) throws -> [FileReport] {
        var files: [URL] = []
        for url in urls { files += try Self.files(at: url) }
        let sizes = files.map { (try? FileIdentity(of: $0).size) ?? 0 }
        let meter = Meter(total: sizes.reduce(0, +), progress)
        var reports: [FileReport] = []
        for (file, size) in zip(files, sizes) {
            meter.begin(file, size)
            reports.append(report(on: file, meter))
            meter.end()
            // What was broken off has not been compared.
            try Task.checkCancellation()
        }
        return reports
    }

    /// The file itself, or all that a folder holds, by name; of links to one file the first.
    private static func files(at url: URL) throws -> [URL] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
            throw CheckpointError.unreadable(file: url, reason: SystemError(code: ENOENT))
        }
        guard isFolder.boolValue else { return [url] }
        let names = FileManager.default.enumerator(atPath: url.path)?.compactMap { $0 as? String } ?? []
        var seen: Set<String> = []
        return names.sorted().map { url.appending(path: $0) }.filter { file in
            var status = stat()
            // A broken link must be reported.
            guard stat(file.path, &status) == 0, let identity = try? FileIdentity(of: file) else { return true }
            return status.st_mode & S_IFMT == S_IFREG && seen.insert(identity.path).inserted
        }
    }

    private func report(on file: URL, _ meter: Meter) -> FileReport {
        var kind: String?
        do {
            let found = try FileContent(file)
            kind = found?.name
            let verdict = try found.map { try $0.verdict(on: file, transcript, meter) } ?? .unknown
            return FileReport(file: file, kind: verdict == .unknown ? nil : kind, verdict: verdict)
        } catch {
            return FileReport(file: file, kind: kind, verdict: .damaged("\(error)"))
        }
    }
}

/// How far a check has come, in bytes of all files.
final class Meter {
    /// Less is read before anybody wonders.
    private static let shownByteCount = 1 << 26

    private let total: Int
    private let handler: ProgressHandler?
    private var name = ""
    /// Of the files before this one, and of this one.
    private var (before, size, done) = (0, 0, 0)

    init(total: Int, _ handler: ProgressHandler?) { (self.total, self.handler) = (total, handler) }

    func begin(_ file: URL, _ size: Int) { (name, self.size, done) = (file.lastPathComponent, size, 0) }

    func end() {
        before += size
        (size, done) = (0, 0)
        report()
    }

    /// - Returns: whether to continue.
    func advance(_ count: Int) -> Bool {
        // Deflated files have more bytes in them than they take.
        done = min(size, done + count)
        report()
        return !Task.isCancelled
    }

    private func report() {
        guard total > Self.shownByteCount else { return }
        handler?(WorkProgress(phase: "checking \(name)", done: before + done, total: total, unit: WorkProgress.bytes))
    }
}
