package import Foundation

extension AtomicFile {
    /// One of several files that belong together.
    package struct Part {
        package let url: URL
        /// Writes the complete file to the place that it is given.
        let write: (URL) throws -> Void

        package init(url: URL, write: @escaping (URL) throws -> Void) {
            self.url = url
            self.write = write
        }
    }

    /// Writes files that belong together, all or none. Each is complete beside its place before the first takes it; a failure puts the old files back.
    /// Only a process that is killed between two of the renames, which take no time to speak of, leaves new files beside old ones.
    ///
    /// - Throws: what a part's `write` throws; `CheckpointError` as `write(to:mode:_:)` does.
    package static func write(_ parts: [Part]) throws {
        var staged: [(new: URL, target: URL, old: URL?)] = []
        var placed = 0
        do {
            for part in parts {
                let (target, _) = try target(of: part.url)
                let new = temporary(beside: target)
                staged.append((new, target, nil))
                try part.write(new)
            }
            // Last, since a sweep takes an old file under such a name for an abandoned one.
            for (number, file) in staged.enumerated() {
                var status = stat()
                if stat(file.target.path, &status) != 0 { continue }
                guard status.st_mode & S_IFMT == S_IFREG else { throw CheckpointError.notRegular(file: parts[number].url) }
                chmod(file.new.path, status.st_mode & 0o777)
                let old = temporary(beside: file.target)
                guard link(file.target.path, old.path) == 0 || copied(file.target, to: old) else {
                    throw CheckpointError.unwritable(file: parts[number].url, reason: .last)
                }
                staged[number].old = old
            }
            for (number, file) in staged.enumerated() {
                guard rename(file.new.path, file.target.path) == 0 else { throw CheckpointError.unwritable(file: parts[number].url, reason: .last) }
                placed += 1
            }
        } catch {
            for file in staged[..<placed] {
                if let old = file.old { rename(old.path, file.target.path) } else { unlink(file.target.path) }
            }
            for file in staged {
                unlink(file.new.path)
                if let old = file.old { unlink(old.path) }
            }
            throw error
        }
        for file in staged {
            if let old = file.old { unlink(old.path) }
            flushFolder(of: file.target)
        }
    }

    /// For a file system without hard links.
    private static func copied(_ file: URL, to copy: URL) -> Bool {
        (try? FileManager.default.copyItem(at: file, to: copy)) != nil
    }
}
