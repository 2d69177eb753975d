internal import ArgumentParser
internal import Console

/// Where the viewer is served.
struct ServerOptions: ParsableArguments {
    @Option(help: "The port.")
    var port = ServeRequest.defaultPort

    @Option(help: ArgumentHelp("Also answer on this address or name of the machine, 0.0.0.0 for all: others can then read and change graphs.", valueName: "address"))
    var host: String?

    @Flag(name: [.customLong("no-browser"), .customLong("no_browser")], help: "Do not open a browser.")
    var noBrowser = false

    func validate() throws {
        guard (0...65535).contains(port) else { throw ValidationError("--port is \(port) and must be from 0 (any free one) to 65535.") }
    }
}
