internal import Foundation
internal import Synchronization

/// A folder for what a session writes that nobody is to keep. It is made when something is first written, for this user alone.
///
/// Names are relative to it and stay in it, so that nothing else on the machine is written over.
package final class ThrowAwayFolder: Sendable {
    /// The folder, and a descriptor of it that is locked as long as it is in use; nil until something is written.
    private let made = Mutex<(url: URL, lock: Int32)?>(nil)

    package init() {}

    deinit { remove() }

    /// Takes the folder away with all that is in it.
    package func remove() {
        made.withLock { folder in
            guard let (url, lock) = folder else { return }
            try? FileManager.default.removeItem(at: url)
            close(lock)
            folder = nil
        }
    }

    /// Where a file or folder of that name is written. Folders on the way that the working folder has are made.
    ///
    /// - Throws: `SessionError` for a name that leads out of the folder.
    func url(for name: String) throws(SessionError) -> URL {
        guard Self.staysInside(name) else { throw Self.outside(name) }
        let folder = try folder()
        if Self.leadsThroughLink(name, in: folder) { throw Self.outside(name) }
        let url = folder.appending(path: name)
        let (here, above) = (URL(filePath: name).deletingLastPathComponent(), url.deletingLastPathComponent())
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: here.path, isDirectory: &isFolder), isFolder.boolValue {
            try? FileManager.default.createDirectory(at: above, withIntermediateDirectories: true)
        }
        return url
    }

    /// The file of that name, if one was written.
    func existing(_ name: String) -> URL? {
        guard let folder = made.withLock({ $0?.url }), Self.staysInside(name), !Self.leadsThroughLink(name, in: folder) else { return nil }
        let url = folder.appending(path: name)
        return FileManager.default.fileExists(atPath: url.path) ? url : nil
    }

    private func folder() throws(SessionError) -> URL {
        try made.withLock { made throws(SessionError) in
            if let made { return made.url }
            Self.removeAbandoned()
            let new = try Self.make()
            made = new
            return new.url
        }
    }

    private static let prefix = "circuit-tracer-replay-"

    private static func make() throws(SessionError) -> (url: URL, lock: Int32) {
        while true {
            var path = Array(FileManager.default.temporaryDirectory.appending(path: prefix + "XXXXXX").path.utf8CString)
            guard mkdtemp(&path) != nil else { throw cannotMake() }
            let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard descriptor >= 0 else { throw cannotMake() }
            flock(descriptor, LOCK_EX)
            // Another process may have locked it first, and taken it for abandoned.
            var status = stat()
            if lstat(path, &status) == 0 {
                return (URL(filePath: String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)), descriptor)
            }
            close(descriptor)
        }
    }

    private static func cannotMake() -> SessionError {
        SessionError("No folder for what the transcript writes can be made: \(String(cString: strerror(errno))).")
    }

    /// Removes the folders that processes of this user left when they were killed: those that nobody has locked.
    private static func removeAbandoned() {
        let parent = FileManager.default.temporaryDirectory
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: parent.path) else { return }
        for name in names where name.hasPrefix(prefix) {
            let url = parent.appending(path: name)
            let descriptor = open(url.path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
            if descriptor < 0 { continue }
            defer { close(descriptor) }
            var status = stat()
            guard fstat(descriptor, &status) == 0, status.st_uid == geteuid(), flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { continue }
            try? FileManager.default.removeItem(at: url)
        }
    }

    private static func staysInside(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix("/") && !name.hasPrefix("~") && !name.unicodeScalars.contains("\0")
            && !name.split(separator: "/").contains("..")
    }

    private static func leadsThroughLink(_ name: String, in folder: URL) -> Bool {
        var path = folder.path
        return name.split(separator: "/").contains { part in
            path += "/" + part
            var status = stat()
            return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
        }
    }

    private static func outside(_ name: String) -> SessionError {
        SessionError(
            "A replay writes only into a temporary folder, and \(name) is outside it. Name the file by a relative path without \"..\".",
            word: name)
    }
}
