internal import Checkpoints
internal import Foundation
internal import GraphFiles
internal import Graphs
internal import Replacement
internal import Tensors
internal import Tokenization
internal import Transformers

extension Session {
    /// Saves the graph: `.pt` as the reference's file, anything else in our own form.
    public func saveGraph(to path: String) throws -> SavedReport {
        let graph = try graphed().graph
        let url = file(path)
        if url.pathExtension == "pt" {
            try TorchGraphFile.write(graph, to: url)
        } else {
            try GraphArchive.write(graph, to: url)
        }
        return try saved(url)
    }

    /// Opens a saved graph. Where the loaded model fits it, its prompt becomes the current one.
    public func openGraph(at path: String) throws -> GraphReport {
        let start = ContinuousClock.now
        let graph = try GraphArchive.read(file(path))
        var notices: [String] = []
        let isOfLoaded = state.model.map { $0.origin == graph.origin } ?? false
        if isOfLoaded {
            if state.prompt?.tokens != graph.tokens { try run(prompt: graph.tokens) }
        } else {
            let name = graph.origin.scan ?? graph.origin.model
            notices.append("The graph is of \(name), which is not what is loaded: it can be looked at, but not tested. `load \(name)` loads it.")
        }
        let opened = GraphState(graph: graph, influence: GraphInfluence(graph), isOfLoaded: isOfLoaded)
        state.graph = opened
        return report(
            opened, seconds: (ContinuousClock.now - start).inSeconds, fromStore: state.prompt?.fromStore ?? false, notices: notices)
    }

    /// Saves logits and features of the prompt before and, with interventions in force, after.
    public func saveRun(to path: String) throws -> SavedReport {
        let (prompt, model) = (try prompted(), try loaded())
        var writer = SafetensorsWriter(metadata: ["prompt": model.tokenizer.decode(prompt.tokens)])
        func add(_ side: RunSide, _ record: ForwardRecord, _ activations: FeatureActivations?) {
            writer.add("\(side).logits", model.decoder.logits(of: record, positions: 0..<record.positions))
            guard let activations else { return }
            writer.add(
                "\(side).active_features", activations.sites.numbers,
                shape: [activations.count, 3])
            writer.add("\(side).activation_values", activations.values)
        }
        add(.before, prompt.record, prompt.activations)
        if let run = try currentRun() { add(.after, run.run.record, try run.run.activations()) }
        let url = file(path)
        try writer.write(to: url)
        return try saved(url)
    }

    /// Saves the tokens of the last `generate`, and the logits each was chosen from.
    public func saveGeneration(to path: String) throws -> SavedReport {
        guard let generation = state.generation else { throw SessionError("Nothing has been generated yet. `generate` continues the prompt.") }
        var writer = SafetensorsWriter(metadata: ["prompt": try loaded().tokenizer.decode(prompted().tokens)])
        for (side, continuation) in [(RunSide.before, generation.before), (.after, generation.after)] {
            guard let continuation else { continue }
            writer.add("\(side).tokens", continuation.tokens)
            writer.add("\(side).logits", continuation.logits)
        }
        let url = file(path)
        try writer.write(to: url)
        return try saved(url)
    }

    private func file(_ path: String) -> URL {
        URL(filePath: path.hasPrefix("~/") ? environment.home + path.dropFirst() : path)
    }

    private func saved(_ url: URL) throws -> SavedReport {
        SavedReport(path: url.path, bytes: try FileIdentity(of: url).size)
    }
}
