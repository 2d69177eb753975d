package import Attribution
package import Checkpoints
package import Foundation
package import Graphs
package import Replacement
package import Tokenization
internal import Tensors
internal import Transcoders
package import Transformers

/// A model with its tokenizer and, if there are any, its transcoders: all that stays while prompts come and go.
package struct LoadedModel: Sendable {
    /// As it was named.
    package let name: String
    /// Where its files are.
    let folder: URL
    /// The transcoder set as it was named, and the model with it.
    let set: (name: String, replacement: ReplacementModel)?
    package let decoder: TransformerDecoder
    package let tokenizer: Tokenizer
    let promptPolicy: PromptPolicy
    /// What ends a generation.
    package let endTokens: Set<Int>
    /// Which files, in which state, this is: part of the store's keys.
    let identity: String

    /// - Parameters:
    ///   - folder: a Hugging Face model folder.
    ///   - set: a transcoder set's name and folder.
    ///   - hub: where files of other repositories that the set names are looked for.
    package init(name: String, folder: URL, set: (name: String, folder: URL)?, hub: HubCache) throws {
        self.name = name
        self.folder = folder
        decoder = try TransformerDecoder(folder: folder)
        tokenizer = try Tokenizer(folder: folder)
        endTokens = try Workbench.endTokens(in: folder, tokenizer)
        var files = [folder.appending(path: "config.json")] + decoder.weights.files
        if let set {
            let transcoders = try TranscoderSet(folder: set.folder, hub: hub)
            promptPolicy = PromptPolicy(modelNames: [name, transcoders.config.modelName])
            files += transcoders.settings + transcoders.files
            let replacement = try ReplacementModel(
                decoder: decoder, transcoders: transcoders, zeroedPositions: promptPolicy.zeroedPositions)
            self.set = (set.name, replacement)
        } else {
            self.set = nil
            promptPolicy = PromptPolicy(modelNames: [name])
        }
        identity = try files.map { url in
            let file = try FileIdentity(of: url)
            return "\(file.path) \(file.size) \(file.modificationTime) \(file.inode)"
        }.joined(separator: "\n")
    }

    /// By name, as `ModelLocator` finds them; both nil for the bundled ones.
    package init(model: String?, transcoders: String?, environment: SessionEnvironment) throws {
        let (name, folder, set) = try ModelLocator(environment: environment).folders(model: model, transcoders: transcoders)
        try self.init(name: name, folder: folder, set: set, hub: environment.hub)
    }

    /// The transcoder set as it was named.
    package var setName: String? { self.set?.name }

    package var replacement: ReplacementModel? { self.set?.replacement }

    /// What the files say in two ways, leave open, or say and does not count, and what was made of it; a sentence each.
    package var notices: [String] {
        decoder.notices.map(\.description) + tokenizer.notices + (replacement?.transcoders.notices.map(\.description) ?? [])
    }

    /// What a graph of this model says about where it came from.
    package var origin: GraphOrigin {
        let spec = decoder.spec
        let attention = spec.layers[0].attention
        return GraphOrigin(
            model: name, scan: setName ?? replacement?.transcoders.config.scan, architecture: spec.architecture,
            layers: spec.layers.count, width: spec.width, heads: attention.heads, keyValueHeads: attention.keyValueHeads,
            headWidth: attention.headWidth, mlpWidth: spec.layers[0].mlp.width, vocabulary: spec.vocabulary,
            tokenizerSize: tokenizer.vocabularySize)
    }

    /// The tokens of a prompt. A tokenizer may have more tokens than the model has rows: only a prompt with one is refused.
    ///
    /// - Throws: `ModelError.emptyPrompt`; `SessionError` for a prompt that does not begin as it must, or has such a token.
    package func tokens(ofPrompt prompt: String) throws -> [Int] {
        guard !prompt.isEmpty else { throw ModelError.emptyPrompt }
        return try known(promptPolicy.tokens(of: prompt, tokenizer), in: prompt)
    }

    /// The tokens of a text that has its beginning already.
    func tokens(ofWhole text: String) throws -> [Int] {
        guard !text.isEmpty else { throw ModelError.emptyPrompt }
        return try known(tokenizer.ids(of: text), in: text)
    }

    private func known(_ tokens: [Int], in prompt: String) throws -> [Int] {
        guard let beyond = tokens.first(where: { $0 >= decoder.spec.vocabulary }) else { return tokens }
        let token =
            "\"\(tokenizer.text(of: beyond))\" (#\(beyond)), which only the tokenizer knows: the model's vocabulary ends at #\(decoder.spec.vocabulary - 1)."
        throw SessionError(
            try tokenizer.ids(of: prompt).contains(beyond)
                ? "The prompt has the token \(token) Write the prompt without it."
                : "Prompts begin with the token \(token) Name another bos_token in tokenizer_config.json, or begin the prompt with a special token.")
    }

    /// A token as it is shown.
    package func text(_ id: Int) -> TokenText { TokenText(id: id, text: tokenizer.contains(id: id) ? tokenizer.text(of: id) : "#\(id)") }

    /// The id a reference names.
    ///
    /// - Throws: `SessionError` for a text that is not one token, or an id outside the vocabulary.
    func token(_ reference: TokenReference) throws(SessionError) -> Int {
        switch reference {
        case .id(let id):
            guard (0..<decoder.spec.vocabulary).contains(id) else {
                throw SessionError("There is no token #\(id): ids go from 0 to \(decoder.spec.vocabulary - 1).", word: "#\(id)")
            }
            return id
        case .text(let text):
            let ids = try tokenizer.ids(of: text)
            if ids.count == 1 {
                if ids[0] < decoder.spec.vocabulary { return ids[0] }
                throw SessionError("\(name) has no token \(text.quotedText): it is its tokenizer's alone.", word: text.quotedText)
            }
            let pieces = ids.map { tokenizer.text(of: $0).quotedText }.joined(separator: " ")
            let spaced = " " + text
            throw SessionError(
                ids.isEmpty
                    ? "A token cannot be empty."
                    : "\(text.quotedText) is \(ids.count) tokens: \(pieces). Name one of them, for example the first.",
                word: text.quotedText, suggestion: try tokenizer.ids(of: spaced).count == 1 ? spaced.quotedText : nil)
        }
    }

    /// The logits of the token after a run. `[vocabulary]`.
    ///
    /// - Parameter isSteered: whether interventions made the run. Then they are why a logit is not a number, and no file is.
    /// - Throws: `ModelError` where one is not a number; `ReplacementError.overflow` in a steered run.
    package func nextTokenLogits(_ run: ForwardRecord, isSteered: Bool = false) throws -> [Float] {
        let logits = decoder.nextTokenLogits(run).elements
        guard logits.areFinite else { throw isSteered ? ReplacementError.overflow : try decoder.whyNotFinite() }
        return logits
    }

    /// What some logits say of tokens. `[vocabulary]`.
    package func scores(_ logits: [Float], of tokens: [Int]) -> [TokenScore] {
        let probabilities = logits.softmax()
        return tokens.map { token in
            let higher = logits.reduce(0) { $0 + ($1 > logits[token] ? 1 : 0) }
            return TokenScore(token: text(token), logit: logits[token], probability: probabilities[token], rank: higher + 1)
        }
    }

    /// The same of the most likely ones.
    package func topScores(_ logits: [Float], _ count: Int) -> [TokenScore] {
        scores(logits, of: logits.indicesOfLargest(min(max(count, 0), logits.count)))
    }

    /// The graph of a prompt.
    ///
    /// - Parameters:
    ///   - local: this model frozen on the prompt.
    ///   - steering: the interventions in that run; nil for a plain one.
    ///   - scratch: a folder for what does not fit in memory; nil for none.
    ///   - tied: called with the features that are not nodes because of rounding, if there are any.
    /// - Throws: `CancellationError`, and what an encoder or decoder that is not made of numbers throws.
    package func graph(
        _ local: LocalReplacementModel, of targets: AttributionTargets, _ options: AttributionOptions, steering: GraphSteering? = nil,
        scratchIn scratch: URL? = nil, tied: (_ sites: [FeatureSite]) -> Void = { _ in },
        progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws -> AttributionGraph {
        var origin = origin
        origin.steering = steering
        return try AttributionEngine(local, scratchIn: scratch).graph(
            of: targets, options: options, prompt: tokenizer.decode(local.record.tokens), origin: origin, tied: tied, progress: progress)
    }

    /// What continues a run, up to a token that ends texts.
    ///
    /// - Parameters:
    ///   - record: of the prompt, with the interventions.
    ///   - logits: of the token after it, if they are known.
    ///   - interventions: what they do to new tokens.
    /// - Throws: `ModelError.continuationTooLong`, `ReplacementError.overflow`, `CancellationError`.
    package func continuation(
        _ record: ForwardRecord, logits: [Float]? = nil, _ options: GenerationOptions, _ interventions: [Intervention],
        progress: (Int) -> Void = { _ in }
    ) throws -> Continuation {
        try decoder.continued(
            record, by: options.newTokens, sampling: options.sampling, logits: logits.map { Matrix(repeating: $0, rows: 1) }, endTokens: endTokens,
            steering: replacement.map { Steering(model: $0, interventions: interventions) }, progress: progress)
    }
}
