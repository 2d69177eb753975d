internal import Foundation

/// Keeps other people, their pages and other machines out, before a request's body is read.
///
/// A page elsewhere can make a browser send requests here, and with a name of its own that leads to 127.0.0.1 (DNS
/// rebinding) even read the answers. Neither can forge `Host`, `Origin` or the media type of JSON.
struct RequestGuard: Sendable {
    /// What this server answers to: loopback's names, what the user called it, and what a proxy before it is called; on every
    /// address what the machine calls itself. A name of somebody else's may have been made to lead here.
    private let names: Set<String>
    /// Whether it answers to every address, as it listens on every one.
    private let takesAddresses: Bool
    private let entrance: Entrance

    private static let loopback: Set = ["localhost", "127.0.0.1", "[::1]"]
    private static let methods = ["GET", "HEAD", "POST"]

    /// The most bytes that a saved graph's parameters and labels may take.
    private static let bodyLimit = 4_000_000

    /// The most bytes the body of such a request may have.
    static func bodyLimit(_ head: RequestHead) -> Int { head.method == "POST" ? bodyLimit : 0 }

    /// - Parameters:
    ///   - host: what the server was told to listen on.
    ///   - token: what those who come have to know; nil for nothing.
    ///   - allowed: other names that it answers to.
    ///   - machine: what the machine calls itself.
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
                status: 405, description: "There is no method \(head.method.shown) here, only \(Self.methods.joined(separator: ", ")).",
                headers: [("Allow", Self.methods.joined(separator: ", "))])
        }
        guard head.headers.list("transfer-encoding").allSatisfy({ $0.lowercased() == "chunked" }) else {
            throw .badRequest("Only chunked bodies are read, not compressed ones.")
        }
        let host = try host(head)
        try checkSite(head)
        try entrance.check(head, to: host)
        if head.method == "POST" { try checkPost(head, to: host) }
    }

    /// What is answered before anything is looked up: the way on for who brings the token in the address.
    func exchange(_ head: RequestHead) throws(Refusal) -> Response? { try entrance.exchange(head, to: host(head)) }

    private func host(_ head: RequestHead) throws(Refusal) -> Authority {
        let hosts = head.headers.values("host")
        guard hosts.count == 1 else { throw .badRequest("The request has \(hosts.count) Host fields instead of one.") }
        guard let host = Authority(parsing: hosts[0]) else { throw .badRequest("\(hosts[0].shown) is no Host.") }
        guard names.contains(host.name) || takesAddresses && host.isAddress else {
            throw .forbidden(
                "This server does not answer to the name \(host.name.shown). Start it with `--allow-host \(host.name)`, or make the"
                    + " proxy send Host: localhost.")
        }
        return host
    }

    /// What a page of another site includes is refused; a link that somebody follows to here is not.
    private func checkSite(_ head: RequestHead) throws(Refusal) {
        guard head.headers.values("sec-fetch-site").allSatisfy({ $0 != "cross-site" })
            || head.headers.values("sec-fetch-mode") == ["navigate"] && head.method != "POST"
        else { throw .forbidden("A page of another site asked for this.") }
    }

    private func checkPost(_ head: RequestHead, to host: Authority) throws(Refusal) {
        let types = head.headers.values("content-type")
        guard types.count == 1, types[0].prefix(while: { $0 != ";" }).trimmed.lowercased() == "application/json" else {
            throw Refusal(status: 415, description: "The request has to say Content-Type: application/json.")
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

    /// Whether it is a number that no name server has a say in.
    var isAddress: Bool {
        name.hasPrefix("[") || name.split(separator: ".", omittingEmptySubsequences: false).count == 4 && name.allSatisfy { $0.isNumber || $0 == "." }
    }

    /// `nil` for anything but a name and a port: users, paths, spaces, an empty port.
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

    /// An origin's, its scheme's own port spelt out.
    init?(origin: String) {
        guard let scheme = origin.firstRange(of: "://"), let authority = Authority(parsing: String(origin[scheme.upperBound...])),
            Self.port(of: origin) != nil
        else { return nil }
        self.init(authority, scheme: origin)
    }

    /// The same, with the port that an origin's scheme stands for where there is none.
    init(_ authority: Authority, scheme origin: String) {
        name = authority.name
        port = authority.port ?? Self.port(of: origin)
    }

    private static func port(of origin: String) -> Int? {
        if origin.lowercased().hasPrefix("http://") { 80 } else if origin.lowercased().hasPrefix("https://") { 443 } else { nil }
    }
}
