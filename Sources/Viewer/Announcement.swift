/// What is printed when the viewer starts, and whether a browser is opened, depending on where the program runs.
package struct Announcement: Sendable, Equatable {
    /// The page's address, for those who may use it.
    package let url: String
    /// Sentences and commands to type, one per line.
    package let notices: [String]
    /// The program that opens an address; nil without a display.
    package let browser: String?

    /// - Parameters:
    ///   - host: the address that the server listens on.
    ///   - token: nil if none is needed.
    ///   - slug: of the graph to show first.
    ///   - environment: of the process.
    ///   - machine: this machine's name.
    ///   - opensBrowser: false for `--no-browser`.
    package init(
        host: String, port: Int, token: ViewerToken?, slug: String? = nil, environment: [String: String], machine: String,
        opensBrowser: Bool, isMac: Bool = Self.isMac
    ) {
        let pairs = [token.map { "token=\($0.text)" }, slug.map { "slug=\($0.percentEncoded)" }].compactMap(\.self)
        url = Self.url(host: host, port: port) + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
        let remote = environment["SSH_CONNECTION"].flatMap { $0.isEmpty ? nil : $0 }
        var notices: [String] = []
        if let remote, Self.isLoopback(host) {
            let user = environment["USER"] ?? environment["LOGNAME"]
            // SSH_CONNECTION: the client's address and port, then the server's.
            let parts = remote.split(separator: " ")
            let address = parts.count == 4 ? String(parts[2]) : machine
            notices.append("From your own machine: ssh -L \(port):localhost:\(port) \(user.map { "\($0)@" } ?? "")\(address)")
            notices.append("Then open there: \(url)")
        }
        notices += Self.warning(host: host, port: port, token: token).map { ["Warning: \($0)"] } ?? []
        if let page = environment[ViewServer.pageVariable], !page.isEmpty {
            notices.append("The page is read from \(page), as set by \(ViewServer.pageVariable).")
        }
        self.notices = notices
        let hasDisplay = isMac || ["DISPLAY", "WAYLAND_DISPLAY"].contains { environment[$0]?.isEmpty == false }
        browser = opensBrowser && remote == nil && hasDisplay ? (isMac ? "open" : "xdg-open") : nil
    }

    private static func warning(host: String, port: Int, token: ViewerToken?) -> String? {
        switch (token, isLoopback(host)) {
        case (nil, true): "without a token, every user of this machine can read and change the graphs and steer the model."
        case (nil, false):
            "anyone who can reach this machine at \(host.contains(":") ? "[\(host)]" : host), port \(port), can read and change the graphs and"
                + " steer the model."
        case (let token?, _) where token.isShort: "a token of fewer than 16 characters can be guessed."
        case (_, false):
            "nothing is encrypted: anyone who can read the network traffic can read the token. To protect it, serve only this machine"
                + " and connect with `ssh -L`."
        case (_, true): nil
        }
    }

    package static var isMac: Bool {
        #if os(macOS)
            true
        #else
            false
        #endif
    }

    /// The page's address on this machine.
    private static func url(host: String, port: Int) -> String {
        let name =
            switch host {
            case "0.0.0.0", "::", "127.0.0.1", "::1": "localhost"
            default: host.contains(":") ? "[\(host)]" : host
            }
        return "http://\(name):\(port)/"
    }

    static func isLoopback(_ host: String) -> Bool { ["localhost", "127.0.0.1", "::1"].contains(host.lowercased()) }
}

extension String {
    /// The text as a value in a query.
    fileprivate var percentEncoded: String {
        let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
        return utf8.map { byte in
            plain.contains(byte)
                ? String(Unicode.Scalar(byte)) : "%" + String(byte >> 4, radix: 16, uppercase: true) + String(byte & 15, radix: 16, uppercase: true)
        }.joined()
    }
}
