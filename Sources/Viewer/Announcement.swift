/// What is said when the viewer starts, and whether a browser is opened; a function of where the program runs.
public struct Announcement: Sendable, Equatable {
    /// Sentences and things to type, a line each.
    public let lines: [String]
    /// The program, with its arguments, that opens the page; `nil` where there is nothing to open it on.
    public let browser: [String]?

    /// - Parameters:
    ///   - host: what the server listens on.
    ///   - environment: of the process.
    ///   - machine: this machine's name.
    ///   - opensBrowser: false for `--no-browser`.
    public init(
        host: String, port: Int, environment: [String: String], machine: String, opensBrowser: Bool, isMac: Bool = Self.isMac
    ) {
        let url = Self.url(host: host, port: port)
        let remote = environment["SSH_CONNECTION"].flatMap { $0.isEmpty ? nil : $0 }
        var lines = ["Viewer: \(url)"]
        if let remote, Self.isLoopback(host) {
            let user = environment["USER"] ?? environment["LOGNAME"]
            // SSH_CONNECTION: the client's address and port, then the server's.
            let parts = remote.split(separator: " ")
            let address = parts.count == 4 ? String(parts[2]) : machine
            lines.append("From your own machine: ssh -L \(port):localhost:\(port) \(user.map { "\($0)@" } ?? "")\(address)")
        }
        if !Self.isLoopback(host) {
            lines.append(
                "Warning: anyone who can reach this machine at \(host.contains(":") ? "[\(host)]" : host), port \(port), can read and"
                    + " change the graphs and steer the model.")
        }
        self.lines = lines
        let hasDisplay = isMac || ["DISPLAY", "WAYLAND_DISPLAY"].contains { environment[$0]?.isEmpty == false }
        browser = opensBrowser && remote == nil && hasDisplay ? [isMac ? "open" : "xdg-open", url] : nil
    }

    public static var isMac: Bool {
        #if os(macOS)
            true
        #else
            false
        #endif
    }

    /// Where the page is for somebody on this machine.
    static func url(host: String, port: Int) -> String {
        let name =
            switch host {
            case "0.0.0.0", "::", "127.0.0.1", "::1": "localhost"
            default: host.contains(":") ? "[\(host)]" : host
            }
        return "http://\(name):\(port)/"
    }

    static func isLoopback(_ host: String) -> Bool { ["localhost", "127.0.0.1", "::1"].contains(host.lowercased()) }
}
