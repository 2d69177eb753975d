import Workbench

extension Interpreter {
    /// What somebody sees first: what is loaded, and what to type.
    func welcome(_ version: String) {
        let session = session
        // Nothing here throws; a signal just now is seen by whoever reads the line.
        guard let state = try? waiter.run({ (status: await session.status(), prompt: await session.suggestedPrompt) }) else { return }
        printer.flow("\(version). \(Self.loaded(state.status))", indentation: "  ")
        printer.flow("`help` lists the commands, Tab completes, Ctrl-D leaves." + (state.prompt == nil ? "" : " Try:"), indentation: "  ")
        if let prompt = state.prompt { printer.flow("  prompt \(JSONText.escaped(prompt, as: .shown))", indentation: "    ") }
    }

    /// For example `Loaded: atlas with atlas/plt, 6 layers of 1536 features each.`
    static func loaded(_ status: StatusReport) -> String {
        guard let model = status.model else { return "No model is loaded. `load` loads the bundled model; `models` lists those on this machine." }
        let name = JSONText.escaped(model.name, as: .shown)
        let layers = "\(model.layers) layer\(model.layers == 1 ? "" : "s")"
        guard let set = status.transcoders else { return "Loaded: \(name) without transcoders, \(layers)." }
        return
            "Loaded: \(name) with \(JSONText.escaped(set.name, as: .shown)), \(layers) of \(set.featuresPerLayer) features\(model.layers == 1 ? "" : " each")."
    }
}
