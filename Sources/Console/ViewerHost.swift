package import Foundation
package import Workbench

/// What serves a session's graphs to a browser; the console only asks for it.
package protocol ViewerHost: Sendable {
    /// Starts serving a folder of graphs, or says where it is served already.
    ///
    /// - Throws: an error with a sentence, for example where the port is in use.
    func start(_ request: ServeRequest, session: Session) async throws -> ServeReport

    /// - Returns: whether anything was served.
    func stop() async -> Bool
}

/// What `serve` asks for.
package struct ServeRequest: Sendable, Equatable {
    package let folder: URL
    /// nil for where it is served already, else the usual one.
    package let port: Int?
    /// nil for this machine alone.
    package let host: String?
    /// Names that it answers to beside its own, with commas; nil for none.
    package let allowedHosts: String?
    package let access: Access
    package let opensBrowser: Bool
    /// The graph to show first.
    package let slug: String?

    package init(folder: URL, port: Int?, host: String?, allowedHosts: String?, access: Access, opensBrowser: Bool, slug: String?) {
        self.folder = folder
        self.port = port
        self.host = host
        self.allowedHosts = allowedHosts
        self.access = access
        self.opensBrowser = opensBrowser
        self.slug = slug
    }

    /// Who may use the viewer.
    package enum Access: Sendable, Equatable {
        /// Who knows the token: the one in `tokenVariable`, else a random one; where it is served already, the one it has.
        case usual
        /// Who knows this word.
        case token(String)
        case everyone
    }

    /// The variable of the environment that holds a token. Other users see the words of a command, and not its environment.
    package static let tokenVariable = "CIRCUIT_TRACER_TOKEN"
    /// This machine alone.
    package static let defaultHost = "127.0.0.1"
    /// The reference's.
    package static let defaultPort = 8041
}

/// Where something is served.
package struct ServeReport: Sendable {
    package let url: String
    /// How to reach it from elsewhere, and what that means.
    package let notices: [String]

    package init(url: String, notices: [String]) {
        self.url = url
        self.notices = notices
    }
}
