import Foundation
import Workbench

extension Command {
    static let check = Command(
        "check", summary: "Says whether files are whole; the exit status is 1 when one is damaged",
        detail: """
            Graphs, weights, archives, JSON, YAML and transcripts are read; what carries a checksum is compared with it: the members
            of .pt and .npz, the graphs that `save` writes, and the files of a hub's cache, whose names are hashes. Of a folder
            every file is checked whose kind is known. Nothing is changed.
            """,
        examples: [
            Example("check dallas.safetensors", "a saved graph"),
            Example("check ~/.cache/huggingface/hub", "all that was downloaded"),
        ],
        parameters: [.oneOrMore("FILE", .file)], staysOutOfTranscripts: true,
        json: [
            JSONKey("files", "array of objects with `file`, `kind`, `state` (`whole`, `damaged`, `unknown`), `compared` and `problem`"),
            JSONKey("whole, damaged, unknown", "how many; of a folder's files unknown ones are only counted"),
        ],
        action: .session { arguments, context in
            var files: [URL] = []
            for path in arguments.positionals.map(\.text) { files.append(await context.session.urlToRead(path)) }
            let check = FileCheck { bytes, file in TranscriptParser.verdict(on: bytes, file) }
            return Output(try check.reports(on: files, progress: context.progress))
        })
}

extension Output {
    /// Sentences about damaged files; the table names all of them.
    private static let problemLimit = 10

    init(_ reports: [FileReport]) {
        // Somebody who asks about one file wants to know that it is unknown.
        let shown = reports.count == 1 ? reports : reports.filter { $0.verdict != .unknown }
        let problems = reports.compactMap { if case .damaged(let problem) = $0.verdict { problem } else { nil } }
        let unknown = reports.count { $0.verdict == .unknown }
        self.init(
            [
                .table(
                    Table(
                        "files", [.left("file"), .left("kind"), .left("state"), .left("compared"), .data("problem")],
                        rows: shown.map { [.text($0.file.path), .optional($0.kind)] + $0.verdict.values })),
                .fact("whole", "whole", .integer(reports.count - problems.count - unknown)),
                .fact("damaged", "damaged", .integer(problems.count)),
                .fact("unknown", "of a kind that is not known", .integer(unknown)),
            ])
        switch problems.count {
        case 0: break
        case 1: refusal = problems[0]
        default:
            notices = Array(problems.prefix(Self.problemLimit))
            if problems.count > Self.problemLimit { notices.append("\(problems.count - Self.problemLimit) more files are damaged.") }
            refusal = "\(problems.count) of \(reports.count) files are damaged."
        }
    }
}

extension FileReport.Verdict {
    /// State, what was compared, problem.
    fileprivate var values: [Value] {
        switch self {
        case .whole(let compared): [.text("whole"), .text(compared), .none]
        case .damaged(let problem): [.text("damaged"), .none, .text(problem)]
        case .unknown: [.text("unknown"), .none, .none]
        }
    }
}

extension TranscriptParser {
    /// Of a text with a line that begins as a command's does; nil for any other.
    fileprivate static func verdict(on bytes: [UInt8], _ file: URL) -> FileReport.Verdict? {
        let isTranscript = bytes.split(separator: UInt8(ascii: "\n")).contains { $0.starts(with: "> ".utf8) }
        guard isTranscript else { return nil }
        do throws(ConsoleError) {
            _ = try parse(bytes: bytes)
            return .whole(compared: "that it is a transcript; it has no checksum")
        } catch {
            return .damaged("\(file.path) is damaged: \(error.message).")
        }
    }
}
