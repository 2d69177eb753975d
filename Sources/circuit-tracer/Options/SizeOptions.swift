internal import ArgumentParser
internal import Attribution

/// How large a graph, with the reference's names and defaults.
struct SizeOptions: ParsableArguments {
    @Option(name: [.customLong("max_n_logits"), .customLong("max-n-logits")], help: "Maximum number of target tokens.")
    var maxLogits = AttributionOptions().maxLogits

    @Option(
        name: [.customLong("desired_logit_prob"), .customLong("desired-logit-prob")],
        help: "Add target tokens until their probabilities sum to this.")
    var desiredLogitProbability = AttributionOptions().desiredLogitProbability

    @Option(name: [.customLong("batch_size"), .customLong("batch-size")], help: "Rows computed at a time.")
    var batchSize = AttributionOptions().batchSize

    @Option(name: [.customLong("max_feature_nodes"), .customLong("max-feature-nodes")], help: "Maximum number of feature nodes.")
    var maxFeatureNodes = AttributionOptions.referenceFeatureNodes

    @Option(name: [.customLong("update_interval"), .customLong("update-interval")], help: "Number of batches between rankings of the features.")
    var updateInterval = AttributionOptions().updateInterval

    func validate() throws {
        for (name, value) in [
            ("max_n_logits", maxLogits), ("batch_size", batchSize), ("max_feature_nodes", maxFeatureNodes),
            ("update_interval", updateInterval),
        ] where value < 1 { throw ValidationError("--\(name) is \(value) and must be at least 1.") }
        guard desiredLogitProbability > 0, desiredLogitProbability <= 1 else {
            throw ValidationError("--desired_logit_prob is \(desiredLogitProbability) and must be above 0 and at most 1.")
        }
    }

    var options: AttributionOptions {
        var options = AttributionOptions()
        options.maxLogits = maxLogits
        options.desiredLogitProbability = desiredLogitProbability
        options.batchSize = batchSize
        options.maxFeatureNodes = maxFeatureNodes
        options.updateInterval = updateInterval
        return options
    }
}
