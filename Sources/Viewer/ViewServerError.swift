package import Foundation

/// Why the viewer cannot be served.
package enum ViewServerError: Error, Sendable, Equatable, CustomStringConvertible {
    /// - Parameter free: the next port that is not in use.
    case portInUse(Int, free: Int?)
    case portForbidden(Int)
    case host(String)
    /// Not a name to allow.
    case hostName(String)
    /// Not a word to use as a token; it is not said, since errors are kept.
    case token
    /// A folder that is not the page's.
    case page(URL)
    case system(host: String, port: Int, reason: String)

    package var description: String {
        switch self {
        case .portInUse(let port, let free):
            "Port \(port) is in use." + (free.map { " `--port \($0)` is free." } ?? " `--port N` names another.")
        case .portForbidden(let port): "This account may not listen on port \(port). `--port` takes a number from 1024 on."
        case .host(let host):
            "This machine has no address \(host). `--host 0.0.0.0` listens on all it has; without `--host` the viewer is for this"
                + " machine only. If it is a proxy's name, `--allow-host \(host)` answers to it."
        case .hostName(let name):
            "\(name.debugDescription) is not a host name. `--allow-host` takes names as browsers send them, without http:// and without a"
                + " port, as in hub.example.org; several with commas."
        case .token:
            "The token is not one. `--token`, or the variable CIRCUIT_TRACER_TOKEN, has 1 to 128 letters, digits and the characters - . _ ~;"
                + " at least 16, so that nobody finds it by trying. Without one it is made at random."
        case .page(let folder): "\(folder.path) has no index.html that can be read, and \(ViewServer.pageVariable) says that the page lies there."
        case .system(let host, let port, let reason): "The viewer cannot listen on \(host), port \(port): \(reason)."
        }
    }
}
