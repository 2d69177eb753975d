internal import ArgumentParser
internal import Console
internal import Foundation
internal import Viewer

/// Where the viewer is served.
struct ServerOptions: ParsableArguments {
    @Option(help: "The port.")
    var port = ServeRequest.defaultPort

    @Option(
        help: ArgumentHelp("Listen on this address or name of the machine (0.0.0.0: on all). Others can then read and change graphs.", valueName: "address"))
    var host: String?

    @Option(
        name: [.customLong("allow-host"), .customLong("allow_host")],
        help: ArgumentHelp("Also accept these host names, separated by commas, for a proxy that sends its own name.", valueName: "name"))
    var allowedHosts: String?

    @Option(
        help: ArgumentHelp(
            "The viewer's access token, instead of a random one. Other users can see it in the list of processes, but not if it is in the variable \(ServeRequest.tokenVariable).",
            valueName: "word"))
    var token: String?

    @Option(
        name: [.customLong("features_dir"), .customLong("features-dir")],
        help: ArgumentHelp(
            "Show examples of features from this folder, with index.json.gz or features/SET/NUMBER.json, or, where a model is loaded, from this index.",
            valueName: "path"),
        completion: .file())
    var featuresFolder: String?

    @Flag(name: [.customLong("no-token"), .customLong("no_token")], help: "Let every user of this machine use the viewer.")
    var noToken = false

    @Flag(name: [.customLong("no-browser"), .customLong("no_browser")], help: "Do not open a browser.")
    var noBrowser = false

    func request(folder: URL, opensBrowser: Bool, slug: String?) -> ServeRequest {
        ServeRequest(
            folder: folder, port: port, host: host, allowedHosts: allowedHosts, access: access, opensBrowser: opensBrowser, slug: slug)
    }

    private var access: ServeRequest.Access { noToken ? .everyone : token.map { .token($0) } ?? .usual }

    func validate() throws {
        do throws(ViewServerError) {
            _ = try allowedHosts.map { text throws(ViewServerError) in try HostName.list(text) }
            _ = try token.map { text throws(ViewServerError) in try ViewerToken(text) }
        } catch {
            throw ValidationError("\(error)")
        }
        if noToken, token != nil { throw ValidationError("--token and --no-token exclude each other.") }
        guard (0...65535).contains(port) else { throw ValidationError("--port is \(port) and must be from 0 (any free one) to 65535.") }
    }
}
