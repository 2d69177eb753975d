internal import Console
internal import Foundation
internal import GraphFiles
internal import Viewer
internal import Workbench

/// The viewer as the console and the subcommands start it: one at a time.
actor Viewers: ViewerHost {
    private var running: (server: ViewServer, request: ServeRequest)?

    func start(_ request: ServeRequest, session: Session) async throws -> ServeReport {
        if let (server, old) = running, old.folder == request.folder, old.host == request.host, old.allowedHosts == request.allowedHosts,
            [nil, old.port, server.port].contains(request.port)
        {
            return report(server, request)
        }
        let (host, port) = (request.host ?? ServeRequest.defaultHost, request.port ?? ServeRequest.defaultPort)
        let allowed = try request.allowedHosts.map(HostName.list) ?? []
        // What is served stays served until its successor is there, unless that wants its place.
        if running?.server.port == port { _ = await stop() }
        let server = try await ViewServer.start(folder: GraphFolder(request.folder), session: session, host: host, allowed: allowed, port: port)
        _ = await stop()
        running = (server, request)
        return report(server, request)
    }

    func stop() async -> Bool {
        guard let (server, _) = running else { return false }
        running = nil
        await server.stop()
        return true
    }

    private func report(_ server: ViewServer, _ request: ServeRequest) -> ServeReport {
        let announcement = Announcement(
            host: request.host ?? ServeRequest.defaultHost, port: server.port, environment: ProcessInfo.processInfo.environment,
            machine: ProcessInfo.processInfo.hostName, opensBrowser: request.opensBrowser)
        let unreserved = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-._~"))
        let page = request.slug?.addingPercentEncoding(withAllowedCharacters: unreserved).map { "?slug=\($0)" } ?? ""
        if let browser = announcement.browser { Self.open(browser.dropLast() + [server.url + page]) }
        return ServeReport(url: server.url + page, notices: Array(announcement.lines.dropFirst()))
    }

    /// Starts a browser; whether it comes up is for its user to see, the address is printed anyway.
    private static func open(_ command: [String]) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try? process.run()
    }
}
