internal import ArgumentParser
internal import Checkpoints
internal import Console
internal import Downloads
internal import Foundation
internal import Workbench

/// Fetches what references need into the hub's cache, which huggingface_hub shares.
struct Download: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Fetch models and transcoder sets from the hub.",
        discussion: """
            They go into the cache that the hub's Python tools use, and what is there is not fetched again. Of a model \
            come its config, tokenizer and safetensors; a transcoder set comes with the files it names elsewhere and its \
            model. With --features, so do the examples on which its features are active, where it publishes them; \
            their size is said before they are fetched, and --dry-run says no more than that. An interrupted download continues where it stopped. Prints the folder of each. A gated repository \
            needs a token, in HF_TOKEN or the file that `hf auth login` writes.
            """)

    @Argument(
        help: ArgumentHelp(
            "org/name, org/name/folder, org/name@revision, hf://org/name/file?revision=revision, gemma or llama.",
            valueName: "ref"))
    var references: [String]

    @Option(help: "The branch, tag or commit, for references that do not name one.")
    var revision: String?

    @Flag(name: .customLong("no-model"), help: "Fetch transcoder sets without the models they belong to.")
    var noModel = false

    @Flag(help: "Also fetch the published examples of a set's features, which `feature` and the page show. They may be larger than the set.")
    var features = false

    @Option(name: .customLong("layer"), help: ArgumentHelp("With --features: only those of this layer. May be repeated.", valueName: "n"))
    var layers: [Int] = []

    @Flag(name: .customLong("dry-run"), help: "Only say which files would be fetched (a set's config.yaml, which names them, is read for that).")
    var dryRun = false

    func validate() throws {
        if !layers.isEmpty, !features { throw ValidationError("--layer chooses examples; --features fetches them.") }
        do { _ = try parsedReferences() } catch { throw ValidationError("\(error)") }
    }

    func run() throws {
        let hub = Hub()
        do {
            for reference in try parsedReferences() { try fetch(reference, from: hub) }
        } catch is CancellationError {
            write("interrupted; what has arrived is kept, and the same command continues from there\n")
            throw ExitCode(130)
        } catch {
            writeError(error)
            throw ExitCode(1)
        }
    }

    private func parsedReferences() throws -> [HubReference] {
        try references.map { text in
            let reference = try HubReference(parsing: text)
            guard let revision else { return reference }
            if let own = reference.revision, own != revision {
                throw ValidationError("\(text) names the revision \(own), and --revision another one.")
            }
            return try reference.at(revision: revision)
        }
    }

    private func fetch(_ reference: HubReference, from hub: Hub) throws {
        let includingModel = !noModel
        let examples: FeatureExamples? = !features ? nil : layers.isEmpty ? .all : .layers(layers)
        let plan = try runOperation { _ in try await hub.plan(for: reference, includingModel: includingModel, examples: examples) }
        write("\(reference): \(summary(plan))\n")
        if dryRun { return try listMissing(plan) }
        let result = try runOperation { progress in
            try await hub.fetch(plan) { step in progress(WorkProgress(step)) }
        }
        try output("\(result.url.path)\n")
    }

    private func summary(_ plan: DownloadPlan) -> String {
        if plan.missingFileCount == 0 { return "all \(plan.fileCount) files, \(byteText(plan.size)), are here" }
        return "\(plan.missingFileCount) of \(plan.fileCount) files to fetch, \(byteText(plan.missingByteCount)) of \(byteText(plan.size))"
    }

    private func listMissing(_ plan: DownloadPlan) throws {
        for part in plan.parts {
            for file in part.files where !file.isHere {
                try output("\(byteText(file.size)) \(part.reference.appending(path: file.path))\n")
            }
        }
    }
}
