/// What an index is of: the state of a model and a set, and how texts are cut. Indexes with equal identities count the same things.
package struct IndexIdentity: Sendable, Equatable {
    /// What the model and the set are called. Not part of the identity: the same files may have several names.
    package let model: String
    package let set: String
    /// Of the files' contents.
    package let fingerprint: String
    /// n_layers.
    package let layers: Int
    /// F.
    package let featuresPerLayer: Int
    /// How texts are cut and run together.
    package let settings: IndexSettings

    package init(model: String, set: String, fingerprint: String, layers: Int, featuresPerLayer: Int, settings: IndexSettings) {
        self.model = model
        self.set = set
        self.fingerprint = fingerprint
        self.layers = layers
        self.featuresPerLayer = featuresPerLayer
        self.settings = settings
    }

    package static func == (a: IndexIdentity, b: IndexIdentity) -> Bool {
        (a.fingerprint, a.layers, a.featuresPerLayer, a.settings) == (b.fingerprint, b.layers, b.featuresPerLayer, b.settings)
    }

    /// As rows of a table.
    var rows: [(key: String, value: String)] {
        [
            ("model", model), ("set", set), ("fingerprint", fingerprint), ("layers", "\(layers)"), ("features_per_layer", "\(featuresPerLayer)"),
            ("context", "\(settings.context)"), ("batch", "\(settings.batch)"),
        ]
    }

    /// nil where something is missing, or is not what it must be.
    init?(rows: [String: String]) {
        func number(_ key: String) -> Int? { rows[key].flatMap { Int($0) }.flatMap { $0 > 0 && $0 < 1 << 40 ? $0 : nil } }
        guard let model = rows["model"], let set = rows["set"], let fingerprint = rows["fingerprint"], let layers = number("layers"),
            let features = number("features_per_layer"), let context = number("context"), let batch = number("batch")
        else { return nil }
        self.init(
            model: model, set: set, fingerprint: fingerprint, layers: layers, featuresPerLayer: features,
            settings: IndexSettings(context: context, batch: batch))
    }
}

/// How texts are cut and run together. Both change the numbers, the second one by rounding alone.
package struct IndexSettings: Sendable, Equatable {
    /// The most tokens of a sequence.
    package var context = 128
    /// How many sequences of that length run together.
    package var batch = 16

    package init() {}

    package init(context: Int, batch: Int) {
        self.context = context
        self.batch = batch
    }

    /// The most tokens that run together.
    package var rows: Int { context * batch }

    /// The bytes of text from which a block is full. Text has about four bytes a token.
    var blockBytes: Int { rows * 4 }
}
