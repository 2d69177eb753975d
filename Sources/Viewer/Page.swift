internal import Checkpoints
internal import CViewerPage
internal import Checkpoints
internal import Foundation

/// The files of the page, hand-written HTML, CSS and ES modules: those of `Web`, built into the binary, or those of a folder,
/// for working on them.
struct Page: Sendable {
    struct File: Sendable {
        let bytes: [UInt8]
        let mediaType: String
        /// Identifies the contents, so that a browser can ask whether its copy is still current.
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
            precondition(files[name] != nil, "\(name) has an unknown file type; add its media type here.")
            number += 1
        }
        return files
    }()

    private init(source: Source) { self.source = source }

    /// The page in a folder, read again for each request.
    ///
    /// - Throws: `.page` for a folder without an index.html.
    init(folder: URL) throws(ViewServerError) {
        source = .folder(folder)
        if file(at: []) == nil { throw .page(folder) }
    }

    /// A longer file cannot belong to the page.
    private static let byteLimit = 10_000_000

    /// The file at a path. Only files directly in the folder are served: no link is followed.
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
    /// Nil for an unknown file type.
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
