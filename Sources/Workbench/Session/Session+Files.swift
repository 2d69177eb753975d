internal import Attribution
internal import Checkpoints
internal import Foundation
internal import GraphFiles
package import Graphs
internal import Replacement
internal import Tensors
internal import Tokenization
internal import Transformers

extension Session {
    /// Saves the graph in the form that the file's name ends in.
    package func saveGraph(
        to path: String, scan: String? = nil, thresholds: PruningThresholds? = nil
    ) throws -> SavedReport {
        let url = try urlToWrite(path)
        switch try GraphForm(ofFile: path) {
        case .torch: return try saveTorchGraph(to: path)
        case .document:
            let slug = url.deletingPathExtension().lastPathComponent
            _ = try publish(
                in: GraphFolder(url.deletingLastPathComponent()), slug: slug, scan: scan, thresholds: thresholds)
        case .archive:
            let made = try graphed()
            try GraphArchive.write(made.graph, tokenTexts: made.tokenTexts, parameters: annotations(), to: url)
            return try saved(url)
        }
        return try saved(url)
    }

    /// Saves the graph as the reference's file, whatever its name.
    package func saveTorchGraph(to path: String) throws -> SavedReport {
        let (url, made) = (try urlToWrite(path), try graphed())
        try TorchGraphFile.write(made.graph, to: url)
        let lost = made.graph.origin.steering == nil ? [] : ["A .pt file cannot say that its graph is of a run with interventions; .safetensors and .json do."]
        let added = try annotations().isBlank ? [] : ["A .pt file has no pins, supernodes and labels; .safetensors and .json files do."]
        return try saved(url, notices: lost + added)
    }

    /// Opens a saved graph, in any form. Where the loaded model has its features on its prompt, that becomes the current one.
    package func openGraph(at path: String) throws -> GraphReport {
        let start = ContinuousClock.now
        let url = urlToRead(path)
        let file = try GraphFile(url)
        let (opened, prompt, notices) = try graphState(of: file)
        if let prompt, prompt.tokens != state.prompt?.tokens { use(prompt) }
        open(opened, with: file.parameters)
        return report(
            opened, seconds: (ContinuousClock.now - start).inSeconds, fromStore: state.prompt?.fromStore ?? false,
            notices: notices + shown(openedFrom: url))
    }

    /// Makes a saved graph current, with what people have added to it.
    func open(_ graph: GraphState, with added: QueryParameters) {
        keepAnnotations()
        state.graph = graph
        if let key = annotationKey, !added.isBlank { state.annotations[key] = added }
    }

    /// A saved graph, with the run of its prompt if it is of the loaded model.
    func graphState(of file: GraphFile) throws -> (graph: GraphState, prompt: PromptState?, notices: [String]) {
        let (prompt, steered, notices) = try recordedPrompt(of: file.graph)
        let tokenizer = prompt == nil ? try? environment.tokenizer(named: file.graph.origin.model) : state.model?.tokenizer
        let isNamed = tokenizer != nil || file.tokenTexts != nil
        let unnamed =
            isNamed ? [] : ["Tokens are shown as numbers: the file does not have their texts, and the tokenizer of \(file.graph.origin.model) is not here."]
        let pruned = file.document == nil ? [] : ["The file is a graph that was pruned before: its scores and shares are of what is left."]
        return (GraphState(file, namedBy: tokenizer, isOfLoaded: prompt != nil, steered: steered), prompt, pruned + unnamed + notices)
    }

    /// The run of a graph's prompt on the loaded model, and of a steered graph the run with its interventions, if the graph is of that model: its
    /// features are active there.
    ///
    /// What the files call themselves decides nothing: the reference and we name the same model by folder or by repository.
    func recordedPrompt(of graph: AttributionGraph) throws -> (prompt: PromptState?, steered: LocalReplacementModel?, notices: [String]) {
        guard let model = state.model, let replacement = model.replacement else { return (nil, nil, []) }
        let name = graph.origin.scan ?? graph.origin.model
        let other = "The graph is of \(name), which is not what is loaded: it can be looked at, but not tested. `load \(name)` loads it."
        guard graph.origin.layers == model.decoder.layerCount, graph.tokens.allSatisfy((0..<model.decoder.spec.vocabulary).contains),
            graph.selectedFeatures.allSatisfy({ (try? replacement.check(graph.activeFeatures[$0].feature)) != nil })
        else { return (nil, nil, [other]) }
        let current = state.prompt.flatMap { $0.tokens == graph.tokens ? $0 : nil }
        let prompt = try current ?? recorded(graph.tokens)
        let steered = try graph.origin.steering.flatMap { try repeated($0, on: prompt) }
        if graph.origin.steering != nil, steered == nil {
            return (nil, nil, ["The graph is of a run with interventions that cannot be repeated here: it can be looked at, but not tested."])
        }
        guard let agreement = (steered?.activations ?? prompt.activations)?.agreement(with: graph) else { return (nil, nil, [other]) }
        guard agreement.isOfSameModel ?? (graph.origin.scan == model.origin.scan) else { return (nil, nil, [other]) }
        let differing = agreement.features - agreement.same
        if differing == 0 { return (prompt, steered, []) }
        return (
            prompt, steered,
            ["\(differing) of the graph's \(agreement.features) features have other activations in the loaded model, which may be stored in another precision."]
        )
    }

    /// Saves logits and features of the prompt before and, with interventions in force, after.
    package func saveRun(to path: String) throws -> SavedReport {
        try checkTensorFile(path)
        let (prompt, model) = (try prompted(), try loaded())
        var writer = SafetensorsWriter(metadata: ["prompt": model.tokenizer.decode(prompt.tokens)])
        func logits(_ record: ForwardRecord) -> Matrix { model.decoder.logits(of: record, positions: 0..<record.positions) }
        writer.add(.before, logits: logits(prompt.record), prompt.activations)
        if let run = try currentRun() { writer.add(.after, logits: logits(run.run.record), try run.run.activations()) }
        let url = try urlToWrite(path)
        try writer.write(to: url)
        return try saved(url)
    }

    /// Saves the tokens of the last `generate`, and the logits each was chosen from.
    package func saveGeneration(to path: String) throws -> SavedReport {
        try checkTensorFile(path)
        guard let generation = state.generation else { throw SessionError("Nothing has been generated yet. `generate` continues the prompt.") }
        var writer = SafetensorsWriter(metadata: ["prompt": try loaded().tokenizer.decode(prompted().tokens)])
        writer.add(.before, generation.before)
        if let after = generation.after { writer.add(.after, after) }
        let url = try urlToWrite(path)
        try writer.write(to: url)
        return try saved(url)
    }

    private func saved(_ url: URL, notices: [String] = []) throws -> SavedReport {
        SavedReport(path: url.path, bytes: try FileIdentity(of: url).size, notices: notices)
    }
}

extension GraphState {
    /// A saved graph.
    ///
    /// - Parameter tokenizer: its model's, where that is here; else tokens are called what the file calls them.
    init(_ file: GraphFile, namedBy tokenizer: Tokenizer?, isOfLoaded: Bool, steered: LocalReplacementModel? = nil) {
        func text(_ id: Int) -> String? { tokenizer.flatMap { $0.contains(id: id) ? $0.text(of: id) : nil } }
        let texts = file.graph.tokens.enumerated().map { position, id in text(id) ?? file.tokenTexts?[position] ?? "#\(id)" }
        self.init(file.graph.namingTargets(text), tokenTexts: texts, isOfLoaded: isOfLoaded, steered: steered, document: file.document)
    }
}

package struct SavedReport: Sendable {
    package let path: String
    package let bytes: Int
    /// What the file does not hold.
    package let notices: [String]
}
