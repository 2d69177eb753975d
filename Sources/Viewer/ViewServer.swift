internal import Foundation
package import GraphFiles
package import Workbench

/// The viewer, served to browsers. It runs until it is stopped, even if this value is released.
package struct ViewServer: Sendable {
    package let port: Int
    private let transport: Transport

    /// The environment variable that names a folder to read the page from, for working on the page.
    package static let pageVariable = "CIRCUIT_TRACER_WEB"

    /// How many ports after one in use are tried, for the error to suggest a free one.
    private static let portsTried = 100

    /// Serves a folder of graphs and, if there is one, the session with a model.
    ///
    /// - Parameters:
    ///   - labels: the session's, if there is one.
    ///   - token: the token that clients need; nil admits everybody who can reach the server.
    ///   - host: an address or name of this machine. Loopback means both kinds, IPv4 and IPv6; `0.0.0.0` is every address.
    ///   - allowed: additional names that it answers to, such as that of a proxy that forwards its own.
    ///   - port: 0 for any free port.
    ///   - page: the folder of the page's files; nil, or empty, for those in the binary.
    package static func start(
        folder: GraphFolder, labels: LabelStore, session: Session?, token: ViewerToken?, host: String, allowed: [HostName] = [], port: Int,
        page: String? = nil
    ) async throws(ViewServerError) -> ViewServer {
        let guards = RequestGuard(host: host, token: token, allowed: allowed)
        let page: Page = if let page, !page.isEmpty { try Page(folder: URL(filePath: page)) } else { .embedded }
        return try await start(Responder(folder: folder, labels: labels, session: session, guards: guards, page: page), host: host, port: port)
    }

    static func start(_ responder: Responder, host: String, port: Int) async throws(ViewServerError) -> ViewServer {
        try await start(
            host: host, port: port,
            service: Service(
                check: { head throws(Refusal) in try responder.check(head) }, answer: { await responder.respond(to: $0) }))
    }

    static func start(
        host: String, port: Int, limits: Limits = Limits(), service: Service
    ) async throws(ViewServerError) -> ViewServer {
        // Browsers may use either for `localhost`.
        let hosts = Announcement.isLoopback(host) ? ["127.0.0.1", "::1"] : [host]
        do {
            return ViewServer(try await Transport(hosts: hosts, port: port, limits: limits, service: service))
        } catch {
            switch error {
            // A port that is free on one address and not on the other.
            case .portInUse where port == 0: return try await start(host: host, port: port, limits: limits, service: service)
            case .portInUse: throw .portInUse(port, free: await free(after: port, hosts: hosts))
            case .forbidden: throw .portForbidden(port)
            case .noAddress: throw .host(host)
            case .other(let reason): throw .system(host: host, port: port, reason: reason)
            }
        }
    }

    private init(_ transport: Transport) {
        self.transport = transport
        port = transport.port
    }

    /// Closes all connections at once.
    package func stop() async { await transport.stop() }

    private static func free(after port: Int, hosts: [String]) async -> Int? {
        let nobody = Service(check: { _ in }, answer: { _ in Response(status: 503) })
        for port in (port + 1)..<min(port + 1 + portsTried, 65536) {
            guard let transport = try? await Transport(hosts: hosts, port: port, service: nobody) else { continue }
            await transport.stop()
            return port
        }
        return nil
    }
}
