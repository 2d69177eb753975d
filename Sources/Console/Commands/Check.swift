import Foundation
package import Workbench

extension Command {
    static let check = Command(
        "check", group: .files, summary: "Check whether files are intact, or whether cached generation is right",
        usage: ["check FILE...", "check cache [N]"],
        detail: """
            Reads graphs, weights, archives, JSON, YAML and transcripts. Content that has a checksum is compared with
            it: the members of .pt and .npz, the graphs that `save` writes, and the files of a hub cache, whose names
            are hashes. In a folder, every file of a known kind is checked. The exit status is 1 if a file is damaged.
            Nothing is changed.

            `check cache` generates N tokens, \(defaultCount) unless given, each the most likely one, with the
            interventions in force, and computes the logits of each step again from the first token, without the
            key-value cache. It continues after tokens that end the text. A difference of logits larger than rounding
            counts as a failed expectation. To check a file called cache, write `check ./cache`. \(rerunDetail)
            """,
        examples: [
            Example("check dallas.safetensors", "a saved graph"),
            Example("check ~/.cache/huggingface/hub", "all that was downloaded"),
            Example("check cache 20", "twenty tokens, with the cache and without it"),
        ],
        parameters: [.oneOrMore("FILE", .file)], staysOutOfTranscripts: true,
        json: [
            JSONKey("files", "array of objects with `file`, `kind`, `state` (`whole`, `damaged`, `unknown`), `compared` and `problem`"),
            JSONKey("whole", "the number of intact files"), JSONKey("damaged", "the number of damaged ones"),
            JSONKey("unknown", "the number of files of unknown kind; in a folder they are only counted"),
            JSONKey(
                "steps",
                "of `check cache`: array of objects with `step`, `token`, `id`, `difference` (the largest of a logit), `scale` (the largest magnitude of a logit) and `passed`"
            ),
            JSONKey("interventions", "likewise: the number in force"),
            JSONKey("largest_difference", "likewise: the largest `difference` over its `scale`"),
            JSONKey("tolerance", "likewise: what is allowed of that"), JSONKey("passed", "likewise: whether all steps are within it"),
        ],
        action: .session { arguments, context in
            let words = arguments.positionals
            if words[0].text == "cache", words[0].spelling == .bare {
                if words.count > 2 { throw ConsoleError("`check cache` takes one number", at: words[2].range) }
                let count = try arguments.count(at: 1, of: "the number of tokens")
                return Output(try await context.session.checkCache(count, progress: context.progress))
            }
            var files: [URL] = []
            for path in arguments.positionals.map(\.text) { files.append(await context.session.urlToRead(path)) }
            return Output(try FileCheck.ofTranscriptsToo.reports(on: files, progress: context.progress))
        })
}

extension FileCheck {
    /// One that knows transcripts as well.
    package static let ofTranscriptsToo = FileCheck { bytes, file in TranscriptParser.verdict(on: bytes, file) }
}

extension Output {
    init(_ report: CacheReport) {
        let steps = Table(
            "steps",
            [.right("step"), .left("token"), .data("id"), .right("difference"), .right("scale"), .left("passed")],
            rows: report.steps.enumerated().map { number, step in
                [
                    .integer(number + 1), .token(step.token), .integer(step.token.id),
                    .number(Double(step.difference), .significant(2)), .logit(step.scale), .flag(step.agrees),
                ]
            })
        let largest = report.steps.map { $0.difference / max($0.scale, .leastNormalMagnitude) }.max() ?? 0
        self.init([
            .table(steps), .fact("interventions", "interventions", .integer(report.interventions)),
            .fact("largest_difference", "largest difference, of the scale", .number(Double(largest), .significant(2))),
            .fact("tolerance", "tolerance", .number(Double(report.tolerance), .significant(2))),
            .fact("passed", "passed", .flag(report.agrees)),
        ])
        isFailedExpectation = !report.agrees
    }

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
