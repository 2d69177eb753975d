internal import Console
internal import Foundation
internal import GraphFiles
internal import Viewer
internal import Workbench

/// The viewer as the console and the subcommands start it: one at a time.
actor Viewers: ViewerHost {
    /// One moves bytes, and one at least answers.
    private static let threads = 2

    private struct Running {
        let server: ViewServer
        let request: ServeRequest
        let token: ViewerToken?

        func isWhatIsAsked(by other: ServeRequest) -> Bool {
            request.folder == other.folder && request.host == other.host && request.allowedHosts == other.allowedHosts
                && [nil, request.port, server.port].contains(other.port) && (other.access == .usual || other.access == request.access)
        }
    }

    private var running: Running?
    /// What browsers were opened with.
    private var launchPages: [LaunchPage] = []

    func start(_ request: ServeRequest, session: Session) async throws -> ServeReport {
        if let running, running.isWhatIsAsked(by: request) { return report(running, request) }
        let (host, port) = (request.host ?? ServeRequest.defaultHost, request.port ?? ServeRequest.defaultPort)
        let allowed = try request.allowedHosts.map(HostName.list) ?? []
        let environment = ProcessInfo.processInfo.environment
        let token = try request.access.token(environment: environment)
        // What is served stays served until its successor is there, unless that wants its place.
        if running?.server.port == port { _ = await stop() }
        let found = Threads.available(upTo: Self.threads)
        guard found == Self.threads else { throw ProcessLimit.threads(found: found, needed: Self.threads) }
        let server = try await ViewServer.start(
            folder: GraphFolder(request.folder), labels: session.labels, session: session, token: token, host: host, allowed: allowed, port: port,
            page: environment[ViewServer.pageVariable])
        _ = await stop()
        let started = Running(server: server, request: request, token: token)
        running = started
        return report(started, request)
    }

    func stop() async -> Bool {
        guard let server = running?.server else { return false }
        running = nil
        for page in launchPages { page.remove() }
        launchPages = []
        await server.stop()
        return true
    }

    private func report(_ running: Running, _ request: ServeRequest) -> ServeReport {
        let announcement = Announcement(
            host: request.host ?? ServeRequest.defaultHost, port: running.server.port, token: running.token, slug: request.slug,
            environment: ProcessInfo.processInfo.environment, machine: ProcessInfo.processInfo.hostName, opensBrowser: request.opensBrowser)
        if let browser = announcement.browser { open(announcement.url, with: browser) }
        return ServeReport(url: announcement.url, notices: announcement.notices + GraphFolder(request.folder).notices())
    }

    /// Starts a browser; whether it comes up is for its user to see, the address is printed anyway.
    private func open(_ address: String, with browser: String) {
        guard let page = try? LaunchPage(to: address) else { return }
        launchPages.append(page)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [browser, page.file.path]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try? process.run()
    }
}

extension ServeRequest.Access {
    /// - Returns: nil if everybody on the machine may use the viewer.
    func token(environment: [String: String]) throws(ViewServerError) -> ViewerToken? {
        switch self {
        case .token(let word): try ViewerToken(word)
        case .everyone: nil
        case .usual:
            switch environment[ServeRequest.tokenVariable] ?? "" {
            case "": .random()
            case let word: try ViewerToken(word)
            }
        }
    }
}
