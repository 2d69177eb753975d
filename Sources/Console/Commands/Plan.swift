import Attribution
import Workbench

extension Command {
    static let plan = Command(
        "plan", group: .graph, summary: "Estimate the memory and time that `attribute` needs on the current prompt",
        detail: """
            The estimate uses shapes and the features that are active on the prompt; nothing is computed. Weights are
            mapped files, read as they are needed: they take no memory of their own, but are fastest if all of them fit
            into free memory. Times are estimates from how fast this machine multiplies. If the graph does not fit, the
            output says how large a graph does; `attribute` refuses in the same way. Rows that need more than 512 MB are
            in a temporary file in the cache folder, without a name, whose size is shown.
            """,
        options: sizeOptions + [positionOption],
        json: [
            JSONKey("active_features", "features active on the prompt"), JSONKey("feature_nodes", "those that would be nodes"),
            JSONKey("nodes", "nodes in all"),
            JSONKey("stages", "array of objects with `stage`, `bytes` and `seconds`"),
            JSONKey("peak_bytes", "the most memory at once, besides mapped files"), JSONKey("available_bytes", "what is free, or null"),
            JSONKey("scratch_bytes", "the size of a temporary file with what does not fit in memory, or 0"),
            JSONKey("file_bytes", "the size of the graph's .pt file"), JSONKey("fits", "whether it can be done"),
        ],
        action: .session { arguments, context in
            let (position, notices) = try await position(arguments, context.session)
            var output = Output(try await context.session.plan(attributionOptions(arguments), position: position))
            output.notices = notices + output.notices
            return output
        })
}

extension Output {
    init(_ report: PlanReport) {
        let stages = Table(
            "stages", [.left("stage"), .right("bytes", "memory"), .volatile("seconds")],
            rows: report.stages.map { [.text($0.name), .bytes($0.bytes), .seconds($0.seconds)] })
        self.init(
            [
                .fact("active_features", "active features", .integer(report.activeFeatures)),
                .fact("feature_nodes", "feature nodes", .integer(report.featureNodes)),
                .fact("nodes", "nodes", .integer(report.nodes)),
                .table(stages),
                .fact("peak_bytes", "most memory at once", .bytes(report.peakBytes)),
                .volatile("available_bytes", "free memory", report.availableBytes.map(Value.bytes) ?? .none),
                report.scratchBytes > 0
                    ? .fact("scratch_bytes", "temporary file", .bytes(report.scratchBytes)) : .data("scratch_bytes", .bytes(0)),
                .fact("file_bytes", "its .pt file", .bytes(report.fileBytes)),
                .data("fits", .flag(report.refusal == nil)),
            ])
        refusal = report.refusal
    }
}
