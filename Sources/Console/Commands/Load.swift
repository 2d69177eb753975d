import Workbench

extension Command {
    static let load = Command(
        "load", group: .model, summary: "Load a model with a transcoder set",
        detail: """
            MODEL and SET are folders or hub names; MODEL may also be a transcoder set. Without arguments, the bundled
            model is loaded; with --transcoders alone, the model that the set's config names. If something is not in the
            local hub cache, a terminal offers to download it and a script downloads it, unless HF_HUB_OFFLINE is set or
            the program was started with --no-download. The prompt, its graph, the target and the interventions are
            dropped, and the output says so.
            """,
        examples: [
            Example("load", "the bundled model"),
            Example("load gemma", "Gemma-2-2B with its Gemma Scope transcoders"),
            Example("load meta-llama/Llama-3.2-1B mntss/clt-llama-3.2-1b-524k", "a model and a set of the hub"),
        ],
        parameters: [.optional("MODEL", .model), .optional("SET", .model)],
        options: [OptionSpecification("--transcoders", "SET", .model, "the transcoder set")],
        json: [
            JSONKey("model", "the model's name"), JSONKey("transcoders", "the set's name, or null"),
            JSONKey("parameters", "the number of parameters"), JSONKey("seconds", "how long it took"),
        ],
        action: .session { arguments, context in
            if let word = arguments.option("--transcoders"), arguments[1] != nil {
                throw ConsoleError("The transcoder set is given twice", at: word.range)
            }
            let set = arguments[1] ?? arguments.option("--transcoders")
            return Output(try await context.session.load(model: arguments[0]?.text, transcoders: set?.text))
        })
}

extension Output {
    init(_ report: LoadReport) {
        self.init(
            [
                .loaded("model", "model", report.model),
                .loaded("transcoders", "transcoders", report.transcoders),
                .fact("parameters", "parameters", .count(report.parameters)),
                .volatile("seconds", "loaded in", .seconds(report.seconds)),
            ],
            notices: report.notices)
    }
}
