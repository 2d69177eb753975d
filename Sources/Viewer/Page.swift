internal import CViewerPage

/// The files of the page, which the binary carries: hand-written HTML, CSS and ES modules, in `Web`.
struct Page: Sendable {
    struct File: Sendable {
        let bytes: [UInt8]
        let mediaType: String
        /// Its contents' name, so that a browser asks again and is told that it has the file already.
        let tag: String
    }

    /// By name.
    let files: [String: File]

    static let embedded = Page()

    private init() {
        var files: [String: File] = [:]
        var number = 0
        while let file = viewer_file(number)?.pointee {
            let name = String(cString: file.name)
            files[name] = File(bytes: Array(String(cString: file.text).utf8), name: name)
            number += 1
        }
        self.files = files
    }

    /// - Parameter path: the decoded parts of the path; none for the page itself.
    func file(at path: [String]) -> File? {
        path.count > 1 ? nil : files[path.first ?? "index.html"]
    }
}

extension Page.File {
    fileprivate init(bytes: [UInt8], name: String) {
        self.bytes = bytes
        tag = "\"\(bytes.fingerprint)\""
        mediaType =
            switch name.split(separator: ".").last {
            case "html": "text/html; charset=utf-8"
            case "css": "text/css; charset=utf-8"
            case "js": "text/javascript; charset=utf-8"
            case "svg": "image/svg+xml"
            default: preconditionFailure("\(name) is a kind of file that the page does not have; its media type belongs here.")
            }
    }
}

extension [UInt8] {
    /// FNV-1a, 64 bits: the same in every process.
    fileprivate var fingerprint: String {
        String(reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }, radix: 16)
    }
}
