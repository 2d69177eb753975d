import Foundation
import Workbench

extension Command {
    static let serve = Command(
        "serve", group: .files, summary: "Show graphs in a browser, with the interventions of this session",
        usage: ["serve [FOLDER] [--port N] [--host ADDRESS] [--allow-host NAME] [--token WORD] [--features PATH] [--no-browser]", "serve stop"],
        detail: """
            Opens a page that needs no network, on this machine alone, for everybody who has its address with the token
            in it. It shows the graphs in FOLDER (default: ~/.local/share/circuit-tracer/graphs). The current graph is
            written there, and so are those that `attribute` computes while the page is served. Interventions set on the
            page are in force here, and vice versa. Pins, supernodes and labels are kept in the graphs' files. Over ssh,
            the command prints the line to type on your own machine.
            """,
        examples: [Example("serve", "the current graph"), Example("serve graphs --port 9000", "a folder of graphs, on another port")],
        parameters: [.optional("FOLDER", .file)],
        options: [
            OptionSpecification("--port", "N", .count, "the port (\(ServeRequest.defaultPort))"),
            OptionSpecification("--host", "ADDRESS", .text, "listen on this address; with 0.0.0.0, on all: others can then change things"),
            OptionSpecification("--allow-host", "NAME", .text, "also accept this host name, for a proxy that passes on its own; several with commas"),
            OptionSpecification("--token", "WORD", .text, "the access token, in place of \(ServeRequest.tokenVariable)'s or a random one"),
            OptionSpecification(
                "--features", "PATH", .file, "examples of features: an index's file, or a folder with index.json.gz or features/SET/NUMBER.json"),
            OptionSpecification("--no-token", nil, .text, "let every user of this machine in without a token"),
            OptionSpecification("--no-browser", nil, .text, "do not open a browser"),
        ],
        staysOutOfTranscripts: true,
        json: [JSONKey("url", "where to look, with the token"), JSONKey("folder", "the folder")],
        action: .session { arguments, context in
            guard let viewer = context.viewer else { throw ConsoleError("Graphs cannot be served here") }
            if let word = arguments[0], word.text == "stop", word.spelling == .bare {
                let wasServing = await viewer.stop()
                _ = try await context.session.setViewedFolder(nil)
                return Output(notices: [wasServing ? "The viewer has stopped." : "No viewer is running."])
            }
            var port: Int?
            if let word = arguments.option("--port") {
                let number = try word.integer("a port")
                port = number
                if number > 65535 { throw ConsoleError("\(number) is not a valid port (maximum 65535)", at: word.range) }
            }
            let access = try access(arguments)
            if let folder = arguments.option("--features") { try await context.session.useEvidence(in: folder.text) }
            let folder = try await context.session.graphFolder(arguments[0]?.text)
            let before = await context.session.viewedFolderURL
            let slug = try await context.session.setViewedFolder(folder)
            let report: ServeReport
            do {
                report = try await viewer.start(
                    ServeRequest(
                        folder: folder, port: port, host: arguments.option("--host")?.text, allowedHosts: arguments.option("--allow-host")?.text,
                        access: access, opensBrowser: arguments.option("--no-browser") == nil, slug: slug),
                    session: context.session)
            } catch {
                _ = try? await context.session.setViewedFolder(before)
                throw error
            }
            return Output(
                [.fact("url", "serving", .text(report.url)), .fact("folder", "graphs in", .text(folder.path))], notices: report.notices)
        })

    private static func access(_ arguments: Arguments) throws(ConsoleError) -> ServeRequest.Access {
        let word = arguments.option("--token")
        guard let open = arguments.option("--no-token") else { return word.map { .token($0.text) } ?? .usual }
        if word != nil { throw ConsoleError("--token and --no-token exclude each other", at: open.range) }
        return .everyone
    }
}
