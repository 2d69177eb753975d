internal import ArgumentParser
internal import Console

/// Where the viewer is served.
struct ServerOptions: ParsableArguments {
    @Option(help: "The port.")
    var port = ServeRequest.defaultPort

    @Option(help: ArgumentHelp("Answer on this address or name of the machine instead, 0.0.0.0 for every one: others can then read and change graphs.", valueName: "address"))
    var host: String?

    @Flag(name: [.customLong("no-browser"), .customLong("no_browser")], help: "Do not open a browser.")
    var noBrowser = false

    func validate() throws {
        guard (0...65535).contains(port) else { throw ValidationError("--port is \(port) and must be from 0 (any free one) to 65535.") }
    }
}
