internal import Checkpoints
internal import Foundation

/// The hub's address, and the addresses below it.
struct Endpoint: Sendable {
    let origin: Origin
    private let text: String

    /// - Throws: `.endpoint`.
    init(_ text: String) throws(DownloadError) {
        // A user name and password in the address would appear in messages.
        guard let url = URL(string: text), let origin = Origin(url), url.user == nil, url.password == nil, url.query == nil,
            url.fragment == nil
        else { throw .endpoint }
        self.origin = origin
        self.text = text
    }

    /// Commit and files of a revision.
    func listing(of reference: HubReference) -> URL {
        let revision = encoded(reference.revision ?? HubReference.defaultRevision)
        return url("/api/models/\(reference.repository)/revision/\(revision)?blobs=true")
    }

    /// Branches and tags.
    func revisions(of reference: HubReference) -> URL { url("/api/models/\(reference.repository)/refs") }

    func file(_ path: String, of reference: HubReference, commit: String) -> URL {
        let path = path.split(separator: "/").map { encoded(String($0)) }.joined(separator: "/")
        return url("/\(reference.repository)/resolve/\(commit)/\(path)")
    }

    /// The page that a person opens in a browser.
    func page(of reference: HubReference) -> String { text + "/" + reference.repository }

    /// A valid address with escaped parts appended is valid.
    private func url(_ rest: String) -> URL { URL(string: text + rest)! }

    /// Escapes everything with a meaning in an address, slashes too.
    private func encoded(_ part: String) -> String {
        part.addingPercentEncoding(withAllowedCharacters: Self.unreserved) ?? ""
    }

    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}

/// What two addresses must share to count as the same host, for a browser and for the token.
struct Origin: Sendable, Hashable {
    let scheme: String
    let host: String
    let port: Int

    /// Nil for anything but a web address.
    init?(_ url: URL) {
        guard let scheme = url.scheme?.lowercased(), let usualPort = Self.ports[scheme],
            let host = url.host?.lowercased(), !host.isEmpty
        else { return nil }
        self.scheme = scheme
        self.host = host
        port = url.port ?? usualPort
    }

    var isEncrypted: Bool { scheme == "https" }

    private static let ports = ["http": 80, "https": 443]
}

extension Origin: CustomStringConvertible {
    /// Its name in messages: without the scheme, and without the path, which may hold a signature.
    var description: String { host + (port == Self.ports[scheme] ? "" : ":\(port)") }
}
