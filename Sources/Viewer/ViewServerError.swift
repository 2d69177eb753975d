package import Foundation

/// Why the viewer cannot be served.
package enum ViewServerError: Error, Sendable, Equatable, CustomStringConvertible {
    /// - Parameter free: the next port that is not in use.
    case portInUse(Int, free: Int?)
    case portForbidden(Int)
    case host(String)
    /// An invalid name for `--allow-host`.
    case hostName(String)
    /// An invalid token. It is not repeated, since errors are often kept.
    case token
    /// A folder without the page.
    case page(URL)
    case system(host: String, port: Int, reason: String)

    package var description: String {
        switch self {
        case .portInUse(let port, let free):
            "Port \(port) is in use." + (free.map { " `--port \($0)` is free." } ?? " Choose another with `--port N`.")
        case .portForbidden(let port): "This account may not listen on port \(port). Choose a number from 1024 up with `--port`."
        case .host(let host):
            "This machine has no address \(host). `--host 0.0.0.0` listens on all its addresses; without `--host` the viewer serves"
                + " only this machine. If it is a proxy's name, use `--allow-host \(host)`."
        case .hostName(let name):
            "\(name.debugDescription) is not a host name. `--allow-host` takes names without http:// and without a port, such as"
                + " hub.example.org; separate several with commas."
        case .token:
            "The token is not valid. `--token`, or the variable CIRCUIT_TRACER_TOKEN, must have 1 to 128 letters, digits and the characters"
                + " - . _ ~; use at least 16, so that it cannot be guessed. Without one, a random token is made."
        case .page(let folder): "\(folder.path) has no readable index.html, but \(ViewServer.pageVariable) names it as the folder of the page."
        case .system(let host, let port, let reason): "The viewer cannot listen on \(host), port \(port): \(reason)."
        }
    }
}
