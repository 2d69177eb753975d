internal import Foundation
internal import Synchronization

/// A folder for what a session writes that nobody is to keep. It is made when something is first written, for this user alone.
///
/// Names are relative to it and stay in it, so that nothing else on the machine is written over.
public final class ThrowAwayFolder: Sendable {
    /// nil until something is written.
    private let made = Mutex<URL?>(nil)

    public init() {}

    deinit { remove() }

    /// Takes the folder away with all that is in it.
    public func remove() {
        made.withLock { folder in
            if let folder { try? FileManager.default.removeItem(at: folder) }
            folder = nil
        }
    }

    /// Where a file or folder of that name is written. Folders on the way that the working folder has are made.
    ///
    /// - Throws: `SessionError` for a name that leads out of the folder.
    func place(for name: String) throws(SessionError) -> URL {
        guard Self.staysInside(name) else { throw Self.outside(name) }
        let folder = try folder()
        if Self.leadsThroughLink(name, in: folder) { throw Self.outside(name) }
        let place = folder.appending(path: name)
        let (here, above) = (URL(filePath: name).deletingLastPathComponent(), place.deletingLastPathComponent())
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: here.path, isDirectory: &isFolder), isFolder.boolValue {
            try? FileManager.default.createDirectory(at: above, withIntermediateDirectories: true)
        }
        return place
    }

    /// The file of that name, if one was written.
    func existing(_ name: String) -> URL? {
        guard let folder = made.withLock({ $0 }), Self.staysInside(name), !Self.leadsThroughLink(name, in: folder) else { return nil }
        let place = folder.appending(path: name)
        return FileManager.default.fileExists(atPath: place.path) ? place : nil
    }

    private func folder() throws(SessionError) -> URL {
        try made.withLock { made throws(SessionError) in
            if let made { return made }
            let pattern = FileManager.default.temporaryDirectory.appending(path: "circuit-tracer-replay-XXXXXX").path
            var path = Array(pattern.utf8CString)
            guard mkdtemp(&path) != nil else {
                throw SessionError("No folder for what the transcript writes can be made: \(String(cString: strerror(errno))).")
            }
            let folder = URL(filePath: String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
            made = folder
            return folder
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
            "A replay writes only into a folder of its own, and \(name) lies outside it. Name the file by a relative path without \"..\".",
            word: name)
    }
}
