internal import Foundation

/// Keeps out other people, their pages and other machines, before a request's body is read.
///
/// A page elsewhere can make a browser send requests here and, if its own name resolves to 127.0.0.1 (DNS rebinding),
/// even read the answers. In neither case can it forge `Host`, `Origin` or the media type of JSON.
struct RequestGuard: Sendable {
    /// The names that this server answers to: loopback's, those that the user gave it or its proxy and, when it listens on every
    /// address, the machine's own. Any other name may have been pointed here by somebody else.
    private let names: Set<String>
    /// Whether it answers to every address, because it listens on every one.
    private let takesAddresses: Bool
    private let entrance: Entrance

    private static let loopback: Set = ["localhost", "127.0.0.1", "[::1]"]
    private static let methods = ["GET", "HEAD", "POST"]

    /// The most bytes that a saved graph's parameters and labels may take.
    private static let bodyLimit = 4_000_000

    /// The most bytes that the body of such a request may have.
    static func bodyLimit(_ head: RequestHead) -> Int { head.method == "POST" ? bodyLimit : 0 }

    /// - Parameters:
    ///   - host: the address that the server was told to listen on.
    ///   - token: the token that clients need; nil for none.
    ///   - allowed: other names that it answers to.
    ///   - machine: the machine's own name.
    init(
        host: String, token: ViewerToken?, allowed: [HostName] = [], machine: @autoclosure () -> String = ProcessInfo.processInfo.hostName
    ) {
        entrance = Entrance(token)
        let name = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        takesAddresses = ["0.0.0.0", "[::]"].contains(name)
        names = Self.loopback.union(takesAddresses ? Self.spellings(of: machine().lowercased()) : [name.lowercased()])
            .union(allowed.map(\.text))
    }

    /// `atlas.example.org`, `atlas`, `atlas.local`.
    private static func spellings(of machine: String) -> Set<String> {
        let short = machine.prefix { $0 != "." }
        return short.isEmpty ? [] : [machine, String(short), "\(short).local"]
    }

    func check(_ head: RequestHead) throws(Refusal) {
        guard Self.methods.contains(head.method) else {
            throw Refusal(
                status: 405, description: "The method \(head.method.shown) is not supported. Use one of \(Self.methods.joined(separator: ", ")).",
                headers: [("Allow", Self.methods.joined(separator: ", "))])
        }
        guard head.headers.list("transfer-encoding").allSatisfy({ $0.lowercased() == "chunked" }) else {
            throw .badRequest("Only the transfer encoding chunked is supported.")
        }
        let host = try host(head)
        try checkSite(head)
        try entrance.check(head, to: host)
        if head.method == "POST" { try checkPost(head, to: host) }
    }

    /// The answer that comes before any routing: the redirect for a client with the token in the address.
    func exchange(_ head: RequestHead) throws(Refusal) -> Response? { try entrance.exchange(head, to: host(head)) }

    private func host(_ head: RequestHead) throws(Refusal) -> Authority {
        let hosts = head.headers.values("host")
        guard hosts.count == 1 else { throw .badRequest("The request must have one Host header, not \(hosts.count).") }
        guard let host = Authority(parsing: hosts[0]) else { throw .badRequest("\(hosts[0].shown) is not a valid Host.") }
        guard names.contains(host.name) || takesAddresses && host.isAddress else {
            throw .forbidden(
                "This server does not answer to the name \(host.name.shown). Start it with `--allow-host \(host.name)`, or make the proxy"
                    + " send Host: localhost.")
        }
        return host
    }

    /// Requests from another site's page are refused, but links from it may be followed.
    private func checkSite(_ head: RequestHead) throws(Refusal) {
        guard
            head.headers.values("sec-fetch-site").allSatisfy({ $0 != "cross-site" })
                || head.headers.values("sec-fetch-mode") == ["navigate"] && head.method != "POST"
        else { throw .forbidden("The request comes from a page of another site.") }
    }

    private func checkPost(_ head: RequestHead, to host: Authority) throws(Refusal) {
        let types = head.headers.values("content-type")
        guard types.count == 1, types[0].prefix(while: { $0 != ";" }).trimmed.lowercased() == "application/json" else {
            throw Refusal(status: 415, description: "The request must have Content-Type: application/json.")
        }
        for origin in head.headers.values("origin") {
            guard let own = Authority(origin: origin), own == Authority(host, scheme: origin) else {
                throw .forbidden("The request comes from a page of \(origin.shown), not from this server's.")
            }
        }
    }
}

/// A server as `Host` and `Origin` name it: `localhost`, `127.0.0.1:8041`, `[::1]:8041`.
struct Authority: Equatable {
    /// In lower case; an IPv6 address in its brackets.
    let name: String
    let port: Int?

    /// Whether it is a numeric address, which no name server controls.
    var isAddress: Bool {
        name.hasPrefix("[") || name.split(separator: ".", omittingEmptySubsequences: false).count == 4 && name.allSatisfy { $0.isNumber || $0 == "." }
    }

    /// Nil for anything but a name and a port: users, paths, spaces, an empty port.
    init?(parsing text: String) {
        let text = text.lowercased()
        let end = text.hasPrefix("[") ? text.firstIndex(of: "]").map(text.index(after:)) : text.firstIndex(of: ":") ?? text.endIndex
        guard let end, end != text.startIndex else { return nil }
        name = String(text[..<end])
        let allowed = name.hasPrefix("[") ? "0123456789abcdef:.[]" : "abcdefghijklmnopqrstuvwxyz0123456789.-_"
        guard name.unicodeScalars.allSatisfy(allowed.unicodeScalars.contains) else { return nil }
        if end == text.endIndex {
            port = nil
        } else {
            let digits = text[text.index(after: end)...]
            guard text[end] == ":", digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt16(digits) else { return nil }
            port = Int(number)
        }
    }

    /// The authority of an origin, with its scheme's default port made explicit.
    init?(origin: String) {
        guard let scheme = origin.firstRange(of: "://"), let authority = Authority(parsing: String(origin[scheme.upperBound...])),
            Self.port(of: origin) != nil
        else { return nil }
        self.init(authority, scheme: origin)
    }

    /// The same, with the default port of the origin's scheme if there is none.
    init(_ authority: Authority, scheme origin: String) {
        name = authority.name
        port = authority.port ?? Self.port(of: origin)
    }

    private static func port(of origin: String) -> Int? {
        if origin.lowercased().hasPrefix("http://") { 80 } else if origin.lowercased().hasPrefix("https://") { 443 } else { nil }
    }
}
