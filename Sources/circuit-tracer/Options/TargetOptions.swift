internal import ArgumentParser
internal import Workbench

/// What a graph explains instead of the most likely tokens.
struct TargetOptions: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Explain these tokens, by their text (most begin with a space) or id (#42); or, as in the console, difference A B or concept A B / C D.",
            valueName: "token"))
    var target: [String] = []

    @Option(
        name: [.customLong("target-diff"), .customLong("target_diff")], parsing: .upToNextOption,
        help: ArgumentHelp("Explain by how much one token's logit exceeds another's.", valueName: "a> <b"))
    var targetDifference: [String] = []

    @Option(
        name: [.customLong("target-concept"), .customLong("target_concept")],
        help: ArgumentHelp(
            "Explain what the first tokens have that their counterparts lack. Spaces count, except those around the slash.",
            valueName: "A,B / C,D"))
    var targetConcept: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Explain the prediction after this token of the prompt, negative from the end (default: -1).", valueName: "position"))
    var position: Int?

    func validate() throws {
        let given = [!target.isEmpty, !targetDifference.isEmpty, targetConcept != nil].filter(\.self).count
        if given > 1 { throw ValidationError("Only one of --target, --target-diff and --target-concept can be given.") }
        if !targetDifference.isEmpty, targetDifference.count != 2 {
            throw ValidationError("--target-diff takes two tokens, not \(targetDifference.count).")
        }
        _ = try request
    }

    /// nil for the most likely tokens.
    var request: TargetRequest? {
        get throws {
            if let targetConcept { return try concept(targetConcept) }
            if targetDifference.count == 2 { return .difference(token(targetDifference[0]), token(targetDifference[1])) }
            // The words of the console's `target`.
            switch target.first {
            case "difference" where target.count == 3: return .difference(token(target[1]), token(target[2]))
            case "concept" where target.contains("/"):
                let sides = target.dropFirst().split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
                return .concept(sides[0].map(token), counterparts: sides[1].map(token))
            default: return target.isEmpty ? nil : .tokens(target.map(token))
            }
        }
    }

    private func concept(_ text: String) throws -> TargetRequest {
        do throws(SessionError) { return try TargetRequest(concept: text) } catch { throw ValidationError("--target-concept: \(error)") }
    }

    private func token(_ text: String) -> TokenReference { TokenReference(spelled: text) }
}
