import Workbench

extension Command {
    static let inspect = Command(
        "inspect", group: .model, summary: "Describe a model folder, or a transcoder set and how well it explains the current prompt",
        detail: """
            Nothing is loaded, and the current model stays. If PATH is a transcoder set that fits the current model, its
            active features on the current prompt are counted and the unexplained share of the variance is shown for
            each layer.
            """,
        examples: [Example("inspect atlas/clt", "the bundled cross-layer transcoder")],
        parameters: [.required("PATH", .model)],
        json: [
            JSONKey("model", "the model's name, or null"), JSONKey("transcoders", "the set's name, or null"),
            JSONKey("family, layers, ...", "as in `status`"), JSONKey("made_for", "the model a set was made for"),
            JSONKey("fits", "whether the set fits the model that is loaded, or null"), JSONKey("why_not", "why it does not, or null"),
            JSONKey("on_prompt", "array of objects with `layer`, `active_features` and `unexplained_variance`"),
        ],
        action: .session { arguments, context in Output(try await context.session.inspect(arguments[0]!.text)) })
}

extension Output {
    init(_ report: InspectReport) {
        var parts: [Part] = []
        if let model = report.model { parts += Self.facts(of: model) }
        if let set = report.transcoders { parts += Self.details(of: set, fits: report.fits, misfit: report.misfit) }
        if !report.layers.isEmpty {
            parts.append(
                .table(
                    Table(
                        "on_prompt", title: "On the current prompt",
                        [.right("layer"), .right("active_features", "active features"), .right("unexplained_variance", "unexplained variance")],
                        rows: report.layers.map { layer in
                            [
                                .integer(layer.layer), .integer(layer.activeFeatures),
                                layer.unexplainedVariance.map(Value.share) ?? .none,
                            ]
                        })))
        }
        self.init(parts, notices: report.notices)
    }

    private static func details(of set: StatusReport.Transcoders, fits: Bool?, misfit: String?) -> [Part] {
        facts(of: set) + [
            .fact("layers", "layers", .integer(set.layers)),
            .fact("width", "width", .integer(set.width)),
            .fact("stored_as", "stored as", .text(set.storedAs.joined(separator: ", "))),
            .fact("made_for", "made for", .text(set.madeFor)),
            .fact("fits", "fits the loaded model", fits.map(Value.flag) ?? .none),
            misfit.map { .fact("why_not", "why not", .text($0)) } ?? .data("why_not", .none),
        ]
    }
}
