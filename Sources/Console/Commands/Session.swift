internal import Foundation
import Workbench

extension Command {
    static let session = Command(
        "session", group: .files, summary: "Save the session to a file, or open a saved one", usage: ["session save FILE", "session open FILE"],
        detail: """
            FILE is a text file of commands, to be read, edited and versioned: the model and set, the prompt, the target,
            the named sets, the interventions with their exact values, the options of the last `run`, and the labels of
            the features that these are about. The graph is a file beside it, FILE with the ending .graph.safetensors, or .graph.json for a graph that was pruned before.
            The last run and generation are computed again when they are needed; what `undo` knows is not kept.

            `session open` takes only the commands that `session save` writes: a stranger's session runs nothing and
            writes nothing. What was there before is replaced when all of FILE has been read; an error, which names the
            line, changes nothing. A model that is not on this machine is offered or downloaded as by `load`.
            """,
        examples: [
            Example("session save dallas.session", "with its graph, dallas.graph.safetensors"), Example("session open dallas.session", "go on from there"),
        ],
        parameters: [.required("save|open", .choice(["save", "open"])), .required("FILE", .file)], writesFiles: true,
        json: [
            JSONKey("path", "the file"), JSONKey("graph", "`save`: the graph's file, or null"), JSONKey("bytes", "`save`: the size of both"),
            JSONKey("model", "`open`: the model's name, or null"), JSONKey("transcoders", "`open`: the set's name, or null"),
            JSONKey("prompt", "`open`: the prompt, or null"), JSONKey("interventions", "`open`: the number in force"),
            JSONKey("sets", "`open`: the number of named sets"), JSONKey("graph_nodes", "`open`: nodes of the graph, or null"),
            JSONKey("labels", "`open`: the number of labels that came with it"),
            JSONKey("labels_kept", "`open`: the number of features that keep your label, or that you left without one"),
        ],
        action: .console { arguments, console in
            let path = arguments.positionals[1].text
            return try arguments.positionals[0].choice(of: ["save", "open"]) == "save" ? console.saveSession(to: path) : console.openSession(at: path)
        })
}

extension Interpreter {
    fileprivate func saveSession(to path: String) throws -> Output {
        Output(
            try ask { context in
                let saved = try await context.session.saved()
                let graphName = saved.graphEnding.map { SessionFile.graphName(for: path, ending: $0) }
                let text = try SessionFile.text(saved, graphName: graphName)
                return try await context.session.write(saved, as: text, graphNamed: graphName, to: path)
            })
    }

    fileprivate func openSession(at path: String) throws -> Output {
        let url = try ask { context in await context.session.urlToRead(path) }
        let file = try SessionFile(bytes: bytes(ofSession: url.path, called: path), called: path)
        let place = SessionSection.Place(session: try ask { context in await context.session.draft() }, path: path)
        var notices: [String] = []
        for line in file.lines {
            do {
                notices += try ask { _ in try await line.section.restore(line.arguments, line.command, place) }
            } catch let error where !Self.isInterruption(error) {
                throw FailedLine(error: error, line: line.source, command: line.command)
            }
            // A Ctrl-C that no command noticed.
            if waiter.wakeupPipe.wasInterrupted() { throw CancellationError() }
        }
        var output = Output(try ask { context in try await context.session.adopt(place.session) }, path: path)
        output.notices = notices + output.notices
        return output
    }

    private func bytes(ofSession path: String, called name: String) throws(ConsoleError) -> [UInt8] {
        do throws(InputRefusal) {
            let file = try InputFile(path)
            if !file.isStream { return try file.bytes(limit: SessionFile.limit) }
        } catch {
            throw ConsoleError("\(name) cannot be read: \(error)")
        }
        throw ConsoleError("\(name) cannot be read: it is not a plain file, beside which a graph could be")
    }
}

extension Output {
    init(_ report: SavedSessionReport) {
        self.init(
            [
                .volatile("path", "saved", .text(report.path)), .volatile("graph", "graph", .optional(report.graph)),
                .fact("bytes", "size", .bytes(report.bytes)),
            ], notices: report.notices)
    }

    init(_ report: OpenedSessionReport, path: String) {
        self.init(
            [
                .volatile("path", "opened", .text(path)), .loaded("model", "model", report.model),
                .loaded("transcoders", "transcoders", report.transcoders), .fact("prompt", "prompt", report.prompt.map(Value.quoted) ?? .none),
                .fact("interventions", "interventions", .integer(report.interventions)), .fact("sets", "named sets", .integer(report.names)),
                .fact("graph_nodes", "graph nodes", .optional(report.graphNodes)), .data("labels", .integer(report.labels)),
                .data("labels_kept", .integer(report.keptLabels)),
            ], notices: report.notices + report.labelNotice)
    }
}

extension OpenedSessionReport {
    fileprivate var labelNotice: [String] {
        if labels + keptLabels == 0 { return [] }
        let came = labels == 1 ? "1 label came" : "\(labels) labels came"
        return ["\(came) with the session\(keptLabels == 0 ? "." : "; \(keptLabels) kept yours.")"]
    }
}
