#if os(Linux)
    import Foundation
    import TestSupport

    /// A call of the system that fails once in a program, by the library that `Tests/SystemFaults` makes.
    struct FailingCall: CustomStringConvertible {
        /// As `Tests/SystemFaults/faults.c` names them.
        enum Kind: String, CaseIterable {
            case open, write, pwrite, fsync, close, rename, mkdir, symlink, memory, hang

            /// Those with which a program is expected to go on.
            static let ofFiles = allCases.filter { $0 != .memory && $0 != .hang }
        }

        /// Nil where none fails.
        let kind: Kind?
        /// Which of them, from 1.
        let number: Int
        /// Only calls on files in this folder count.
        private let folder: TemporaryFolder
        private let log: TemporaryFolder

        init(_ kind: Kind?, _ number: Int = 1, in folder: TemporaryFolder) throws {
            (self.kind, self.number, self.folder, log) = (kind, number, folder, try TemporaryFolder())
        }

        var description: String { kind.map { "\($0) \(number)" } ?? "no call" }

        private var marker: String { log.url.appending(path: "failed").path }

        /// Whether it was the turn of this call before the program ended.
        var hasFailed: Bool { FileManager.default.fileExists(atPath: marker) }

        /// For the program.
        var variables: [String: String] {
            [
                "LD_PRELOAD": Self.library, "FAULT_FOLDER": folder.url.path, "FAULT_CALL": kind?.rawValue ?? "none", "FAULT_AT": "\(number)",
                "FAULT_LOG": marker,
            ]
        }

        /// The files of the folder by path. A lock has no content, and is left out.
        func files() throws -> [String: Data] {
            let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.url.path)
            return Dictionary(
                uniqueKeysWithValues: paths.compactMap { path in
                    FileManager.default.contents(atPath: folder.url.appending(path: path).path).flatMap { $0.isEmpty ? nil : (path, $0) }
                })
        }

        private static let library = Program.url.deletingLastPathComponent().appending(path: "libSystemFaults.so").path

        /// Tries each call of a kind, one after another, until the program makes no more of them.
        ///
        /// - Parameter body: runs the program in a folder.
        /// - Returns: how many calls have failed.
        @discardableResult
        static func each(_ kind: Kind, _ body: (FailingCall, TemporaryFolder) throws -> Void) throws -> Int {
            var failed = 0
            while true {
                let folder = try TemporaryFolder()
                let call = try FailingCall(kind, failed + 1, in: folder)
                try body(call, folder)
                if !call.hasFailed { return failed }
                failed += 1
            }
        }
    }
#endif
