internal import ArgumentParser
internal import Attribution
internal import Console
internal import Foundation
internal import GraphFiles
internal import Graphs
internal import Workbench

/// Where a prompt's graph goes.
struct AttributeOutputs: Sendable {
    let file: String?
    let slug: String?
    let folder: String?
    /// Whether names get the prompt's number in the list.
    let isNumbered: Bool

    init(_ options: OutputOptions, isNumbered: Bool) {
        (file, slug, folder) = (options.output, options.slug, options.graphFolder)
        self.isNumbered = isNumbered
    }

    /// `graphs/dallas.pt` becomes `graphs/dallas-3.pt`.
    func file(of entry: PromptList.Entry) -> String? {
        guard let file, isNumbered else { return file }
        let url = URL(filePath: file)
        let ending = url.pathExtension.isEmpty ? "" : "." + url.pathExtension
        return file.dropLast(ending.count) + "-\(entry.number)" + ending
    }

    func slug(of entry: PromptList.Entry?) -> String? {
        guard folder != nil, let slug else { return nil }
        return isNumbered && entry != nil ? "\(slug)-\(entry!.number)" : slug
    }
}

/// Attributes a list of prompts with one model.
struct AttributeRun {
    struct Prints {
        let scores: Bool
        let json: Bool
        let details: Bool
    }

    let session: Session
    let options: AttributionOptions
    /// After which token of each prompt; nil for the last.
    let position: Int?
    /// What the graphs explain; nil for the most likely tokens.
    let targets: TargetRequest?
    let outputs: AttributeOutputs
    let thresholds: PruningThresholds?
    let prints: Prints
    let operations: Operations

    func load(_ options: ModelOptions) throws {
        let (session, model, set, folder) = (session, options.model, options.transcoderSet, outputs.folder)
        let loaded = try reportingFailure(status: 2, operations) { _ in
            // A place that cannot be written to is better known before the work than after it.
            if let folder {
                let folder = GraphFolder(try await session.graphFolder(folder))
                _ = try folder.graphs()
                for notice in folder.notices() { write("note: \(notice)\n") }
            }
            return try await session.load(model: model, transcoders: set)
        }
        for notice in loaded.notices { writeNote(notice) }
        if prints.details { write("loaded \(loaded.model) with \(loaded.transcoders ?? set)\n") }
    }

    /// A prompt that fails does not keep the others from being done; the exit status says so in the end.
    func attribute(_ list: PromptList) throws {
        var failures = 0
        for entry in list.entries {
            var done: AttributeResult?
            do {
                done = try attribute(entry, of: list.count)
            } catch let code as ExitCode where code != ExitCode(130) && list.count > 1 {
                failures += 1
            }
            if let done { try show(done) }
            if operations.wasInterrupted() {
                write("interrupted; the same command continues from here\n")
                throw ExitCode(130)
            }
        }
        if failures > 0 {
            write("error: \(failures) of \(list.entries.count) prompts failed; the same command does those alone\n")
            throw ExitCode(1)
        }
    }

    /// - Returns: nil if the files are there.
    private func attribute(_ entry: PromptList.Entry, of count: Int) throws -> AttributeResult? {
        let (session, options, position, targets, outputs, thresholds) = (session, options, position, targets, outputs, thresholds)
        let name = count > 1 ? "\(entry.number)/\(count): " : ""
        let done = try reportingFailure(status: 1, operations) { progress -> AttributeResult? in
            let prompt = try await session.setPrompt(entry.prompt)
            for notice in prompt.notices { writeNote("\(name)\(notice)") }
            let (file, slug) = (outputs.file(of: entry), outputs.slug(of: entry))
            if count > 1,
                try await session.hasGraph(
                    options, position: position, targets: targets, file: file, slug: slug, folder: outputs.folder)
            {
                return nil
            }
            let graph = try await session.attribute(options, position: position, targets: targets, progress: progress)
            // A file would look complete to the command that continues.
            if graph.isInterrupted { throw CancellationError() }
            let saved = try await file.asyncMap { file in
                // As the reference does; every other ending says which form it is.
                try await URL(filePath: file).pathExtension.isEmpty ? session.saveTorchGraph(to: file) : session.saveGraph(to: file)
            }
            let published = try await slug.asyncMap { try await session.publish(in: outputs.folder!, slug: $0, thresholds: thresholds) }
            return AttributeResult(prompt: entry.prompt, graph: graph, saved: saved, published: published)
        }
        if let notice = done?.graph.tieNotice, !prints.details { writeNote("\(name)\(notice)") }
        if let done, prints.details { write(TerminalText(lines: done.details)) }
        write("\(name)\(done?.summary ?? "already there; remove it to compute it again")\n")
        return done
    }

    /// Data alone goes to standard output.
    private func show(_ done: AttributeResult) throws {
        if prints.json { try output(TerminalText(json: try done.json() + "\n")) }
        if prints.scores, !prints.json {
            try output("replacement_score \(done.graph.replacementScore)\ncompleteness_score \(done.graph.completenessScore)\n")
        }
    }
}

extension Optional {
    fileprivate func asyncMap<Result>(_ transform: (Wrapped) async throws -> Result) async rethrows -> Result? {
        guard let self else { return nil }
        return try await transform(self)
    }
}

/// Runs a long operation; what goes wrong is said on standard error and becomes the exit status.
func reportingFailure<Result: Sendable>(
    status: Int32, _ operations: Operations = Operations(), _ work: @escaping @Sendable (@escaping ProgressHandler) async throws -> Result
) throws -> Result {
    do {
        return try operations.run(work)
    } catch is CancellationError {
        write("interrupted; what was not complete was not written\n")
        throw ExitCode(130)
    } catch let failure as DownloadFailure {
        write("\(failure)\n")
        if case .interrupted = failure { throw ExitCode(130) }
        throw ExitCode(status)
    } catch {
        writeError(error)
        throw ExitCode(status)
    }
}
