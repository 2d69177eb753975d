internal import Checkpoints
internal import CViewerPage
internal import Checkpoints
internal import Foundation

/// The files of the page, hand-written HTML, CSS and ES modules: those of `Web`, which the binary carries, or those of a folder,
/// for whoever works on them.
struct Page: Sendable {
    struct File: Sendable {
        let bytes: [UInt8]
        let mediaType: String
        /// Its contents' name, so that a browser asks again and is told that it has the file already.
        let tag: String
    }

    private enum Source {
        /// By name.
        case embedded([String: File])
        case folder(URL)
    }

    private let source: Source

    static let embedded = Page(source: .embedded(embeddedFiles))

    /// By name.
    static let embeddedFiles: [String: File] = {
        var files: [String: File] = [:]
        var number = 0
        while let file = viewer_file(number)?.pointee {
            let name = String(cString: file.name)
            files[name] = File(bytes: Array(String(cString: file.text).utf8), name: name)
            precondition(files[name] != nil, "\(name) is a kind of file that the page does not have; its media type belongs here.")
            number += 1
        }
        return files
    }()

    private init(source: Source) { self.source = source }

    /// The page that lies in a folder, read anew for each request.
    ///
    /// - Throws: `.page` for a folder without an index.html.
    init(folder: URL) throws(ViewServerError) {
        source = .folder(folder)
        if file(at: []) == nil { throw .page(folder) }
    }

    /// A longer file is not one of the page's.
    private static let byteLimit = 10_000_000

    /// Of a folder nothing that lies elsewhere, or deeper: no link is followed.
    ///
    /// - Parameter path: the decoded parts of the path; none for the page itself.
    func file(at path: [String]) -> File? {
        guard path.count <= 1 else { return nil }
        let name = path.first ?? "index.html"
        switch source {
        case .embedded(let files): return files[name]
        case .folder(let folder):
            guard File.mediaType(of: name) != nil else { return nil }
            return (try? PlainFile.bytes(in: folder, [name], limit: Self.byteLimit)).flatMap { File(bytes: $0, name: name) }
        }
    }
}

extension Page.File {
    /// Nil for a kind of file that the page does not have.
    fileprivate init?(bytes: [UInt8], name: String) {
        guard let mediaType = Self.mediaType(of: name) else { return nil }
        self.bytes = bytes
        self.mediaType = mediaType
        tag = "\"\(String(StableHash.of(bytes), radix: 16))\""
    }

    fileprivate static func mediaType(of name: String) -> String? {
        switch name.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        default: nil
        }
    }
}
