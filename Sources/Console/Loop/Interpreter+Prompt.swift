import Workbench

extension Interpreter {
    /// The model and, if there are any, the number of interventions in force: `atlas [2]> `.
    func prompt(palette: Palette) -> String {
        let session = session
        // Nothing here throws; a signal just now is seen by whoever reads the line.
        let state = try? waiter.run { (await session.modelName, await session.interventionCount) }
        return Self.prompt(model: state?.0, interventions: state?.1 ?? 0, palette: palette)
    }

    /// With what readline needs to know which characters take no room.
    static func prompt(model: String?, interventions: Int, palette: Palette) -> String {
        func painted(_ text: String, _ code: String) -> String {
            palette.isColoured ? "\u{1}\u{1B}[\(code)m\u{2}\(text)\u{1}\u{1B}[0m\u{2}" : text
        }
        let count = interventions > 0 ? " " + painted("[\(interventions)]", "33") : ""
        return painted(model.map { JSONText.escaped($0, as: .shown) } ?? "no model", "1") + count + "> "
    }

    /// The session's names, asked for while the prompt waits.
    var completionNames: CompletionNames {
        let (session, waiter) = (session, waiter)
        @Sendable func ask(_ question: @escaping @Sendable () async -> [String]) -> [String] { (try? waiter.run(question)) ?? [] }
        return CompletionNames(
            features: { prefix in ask { await session.completions(featurePrefix: prefix, limit: 100) } },
            tokens: { prefix in ask { await session.completions(tokenPrefix: prefix, limit: 100) } },
            models: { prefix in ask { await session.completions(modelPrefix: prefix) } },
            sets: { prefix in ask { await session.completions(setPrefix: prefix) } },
            supernodes: { prefix in ask { await session.completions(supernodePrefix: prefix) } })
    }
}
