internal import ArgumentParser
internal import Console
internal import Workbench

/// The reference's `attribute` command: a prompt's graph as a file.
struct Attribute: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compute the attribution graph of a prompt and save it.",
        discussion: "A name that ends in .pt gives the reference's file, which its Graph.from_pt opens; any other a safetensors file.")

    @Option(name: [.short, .long], help: "The prompt.")
    var prompt: String

    @Option(name: [.short, .customLong("transcoder_set"), .customLong("transcoder-set")], help: "The transcoder set: a folder or a hub name.")
    var transcoderSet: String

    @Option(name: [.short, .long], help: "The model: a folder or a hub name. By default the one the transcoder set names.")
    var model: String?

    @Option(name: [.customShort("o"), .customLong("graph_output_path"), .customLong("output")], help: "The file to write.")
    var output: String

    @Option(name: [.customLong("max_n_logits"), .customLong("max-n-logits")], help: "At most so many of the likeliest tokens are explained.")
    var maxLogits = AttributeOptions().maxLogits

    @Option(
        name: [.customLong("desired_logit_prob"), .customLong("desired-logit-prob")],
        help: "Fewer where these have so much probability together.")
    var desiredLogitProbability = AttributeOptions().desiredLogitProbability

    @Option(name: [.customLong("batch_size"), .customLong("batch-size")], help: "Rows between which features are ranked, in batches.")
    var batchSize = AttributeOptions().batchSize

    @Option(name: [.customLong("max_feature_nodes"), .customLong("max-feature-nodes")], help: "At most so many features become nodes.")
    var maxFeatureNodes = AttributeOptions.referenceFeatureNodes

    @Option(name: [.customLong("update_interval"), .customLong("update-interval")], help: "Batches between two rankings of the features.")
    var updateInterval = AttributeOptions().updateInterval

    func validate() throws {
        for (name, value) in [
            ("max_n_logits", maxLogits), ("batch_size", batchSize), ("max_feature_nodes", maxFeatureNodes),
            ("update_interval", updateInterval),
        ] where value < 1 { throw ValidationError("--\(name) is \(value) and must be at least 1.") }
        guard desiredLogitProbability > 0, desiredLogitProbability <= 1 else {
            throw ValidationError("--desired_logit_prob is \(desiredLogitProbability) and must be above 0 and at most 1.")
        }
    }

    func run() throws {
        var options = AttributeOptions()
        options.maxLogits = maxLogits
        options.desiredLogitProbability = desiredLogitProbability
        options.batchSize = batchSize
        options.maxFeatureNodes = maxFeatureNodes
        options.updateInterval = updateInterval
        let session = Session()
        let (model, transcoderSet, prompt, output, asked) = (model, transcoderSet, prompt, output, options)
        let loaded = try reportingFailure(status: 2) { progress in
            try await session.load(model: model, transcoders: transcoderSet, progress: progress)
        }
        for notice in loaded.notices { write("note: \(notice)\n") }
        let (report, saved) = try reportingFailure(status: 1) { progress in
            _ = try await session.setPrompt(prompt, progress: progress)
            return (try await session.attribute(asked, progress: progress), try await session.saveGraph(to: output))
        }
        write(
            """
            \(report.activeFeatures) active features, \(report.nodes) nodes, replacement score \(report.replacementScore), \
            completeness score \(report.completenessScore)
            \(saved.bytes) bytes in \(saved.path)

            """)
    }

    private func reportingFailure<Result: Sendable>(
        status: Int32, _ work: @escaping @Sendable (ProgressHandler?) async throws -> Result
    ) throws -> Result {
        do {
            return try runOperation(work)
        } catch is CancellationError {
            write("interrupted; nothing was written\n")
            throw ExitCode(130)
        } catch {
            writeError(error)
            throw ExitCode(status)
        }
    }
}
