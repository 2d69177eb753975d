internal import ArgumentParser
internal import Checkpoints
internal import Console
internal import Downloads
internal import FeatureIndex
internal import Foundation
internal import Workbench

/// Counts on which texts each feature fires.
struct Index: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Count on which texts each feature fires, and keep examples.",
        discussion: """
            Texts are run through the model in batches. What is done is kept as it goes: the same command continues an \
            interrupted run, and one that was killed. `index merge FILE...` adds up what jobs with --shard have made.
            """, subcommands: [Build.self, Merge.self, Status.self], defaultSubcommand: Build.self)

    /// The usual case, which needs no word of its own.
    struct Build: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "build", abstract: "Run texts through the model and count. The default.",
            discussion: "The exit status is 130 if it was interrupted; what is done is kept.")

        @Argument(
            help: "Files with a document on each line, or of JSON objects (.jsonl) with the text in a field; - for standard input.",
            completion: .file())
        var corpora: [String]

        @OptionGroup var model: ModelOptions

        @Flag(help: "A blank line ends a document, not each line.")
        var paragraphs = false

        @Flag(help: "Each line is a JSON object, whatever the file's name: for standard input.")
        var jsonl = false

        @Option(help: "The field of a JSON object that has the text.")
        var field = "text"

        @Option(help: "The most tokens of a piece of text.")
        var context = IndexSettings().context

        @Option(help: "How many pieces of that length run together.")
        var batch = IndexSettings().batch

        @Option(
            help: ArgumentHelp(
                "Only every N-th block of text, beginning with the I-th, into a file of its own: 1/8, 2/8, ... 8/8 for eight machines.", valueName: "i/n"),
            transform: Shard.init(argument:))
        var shard: Shard?

        @Option(help: "Keep what is done after every N tokens. (Otherwise as often as takes little of the time.)")
        var commit: Int?

        @Option(help: "The file of the index. (Otherwise one of the model and set in the user's data folder.)", completion: .file())
        var index: String?

        @Flag(help: "Print JSON.")
        var json = false

        func validate() throws {
            for (name, value) in [("context", context), ("batch", batch), ("commit", commit ?? 1)] where value < 1 {
                throw ValidationError("--\(name) is \(value) and must be at least 1.")
            }
            if paragraphs, jsonl { throw ValidationError("--paragraphs and --jsonl are two ways to cut a file: give one.") }
        }

        func run() throws {
            let (session, model) = (Session(), model)
            let operations = Operations(downloads: model.downloads.policy)
            var request = request
            let settings = request.settings
            let loaded = try reportingFailure(status: 2, operations) { _ in
                try await session.load(model: model.model, transcoders: model.transcoderSet)
            }
            for notice in loaded.notices { writeNote(notice) }
            let plan = try reportingFailure(status: 2, operations) { _ in try await session.indexPlan(settings) }
            write(
                """
                memory: at most \(byteText(plan.peak)) besides the mapped files; disk: at most \(byteText(plan.fileBytes)) for the features, and about 3 \
                bytes a token\n
                """)
            var input: TemporaryFile?
            if corpora.contains("-") { input = try reportingFailure(status: 1, operations) { _ in try TemporaryFile(copying: .standardInput) } }
            request.files["-"] = input?.url
            let (asked, held) = (request, input)
            let report = try reportingFailure(status: 1, operations) { progress in
                defer { withExtendedLifetime(held) {} }
                return try await session.index(asked, progress: progress)
            }
            let status = printReport(report, asJSON: json)
            throw ExitCode(status == 0 && !report.run.isComplete ? 130 : status)
        }

        private var request: IndexRequest {
            var request = IndexRequest(corpora: corpora)
            request.form = paragraphs ? .paragraphs : jsonl ? .jsonLines : nil
            request.field = field
            request.settings = IndexSettings(context: context, batch: batch)
            request.shard = shard ?? .whole
            request.file = index
            request.commitTokens = commit
            return request
        }
    }

    struct Merge: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add up indexes of one model and set: of shards, or of several corpora.",
            discussion: "They must have no text in common. The sum of the shards of a corpus is what one run would have made.")

        @Argument(help: "The indexes.", completion: .file())
        var files: [String]

        @Option(name: .short, help: "The file to write. (Otherwise the usual one of their model and set.)", completion: .file())
        var output: String?

        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let (session, files, output) = (Session(), files, output)
            let report = try reportingFailure(status: 1) { progress in try await session.mergeIndexes(files, into: output, progress: progress) }
            throw ExitCode(printReport(report, asJSON: json))
        }
    }

    struct Status: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Say what an index has; it may be in the making.")

        @Argument(help: "The index.", completion: .file())
        var file: String

        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let (session, file) = (Session(), file)
            let report = try reportingFailure(status: 1) { _ in try await session.indexStatus(file) }
            throw ExitCode(printReport(report, asJSON: json))
        }
    }
}

/// A copy of what can be read once only; it goes away with the value.
private final class TemporaryFile: Sendable {
    let url: URL

    /// - Throws: `CancellationError` where the copy is not all: what writes into a pipe ends at Ctrl-C as well.
    init(copying source: FileHandle) throws {
        url = FileManager.default.temporaryDirectory.appending(path: "circuit-tracer-\(UUID().uuidString)")
        let descriptor = open(url.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CheckpointError.unwritable(file: url, reason: .last) }
        let copy = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            while let data = try source.read(upToCount: 1 << 20), !data.isEmpty {
                try copy.write(contentsOf: data)
                try Task.checkCancellation()
            }
            try Task.checkCancellation()
        } catch {
            unlink(url.path)
            throw error
        }
    }

    deinit { unlink(url.path) }
}
