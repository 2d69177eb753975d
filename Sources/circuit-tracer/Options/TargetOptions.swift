internal import ArgumentParser
internal import Workbench

/// What a graph explains instead of the likeliest tokens.
struct TargetOptions: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Explain these tokens, as they are spelled (most begin with a space) or by id, #42.", valueName: "token"))
    var target: [String] = []

    @Option(
        name: [.customLong("target-diff"), .customLong("target_diff")], parsing: .upToNextOption,
        help: ArgumentHelp("Explain by how much one token's logit exceeds another's.", valueName: "a> <b"))
    var targetDifference: [String] = []

    @Option(
        name: [.customLong("target-concept"), .customLong("target_concept")],
        help: ArgumentHelp(
            "Explain what the first tokens have that their counterparts lack. Spaces count, but for those around the slash.",
            valueName: "A,B / C,D"))
    var targetConcept: String?

    func validate() throws {
        let given = [!target.isEmpty, !targetDifference.isEmpty, targetConcept != nil].filter(\.self).count
        if given > 1 { throw ValidationError("Only one of --target, --target-diff and --target-concept can be given.") }
        if !targetDifference.isEmpty, targetDifference.count != 2 {
            throw ValidationError("--target-diff takes two tokens, not \(targetDifference.count).")
        }
        _ = try request
    }

    /// nil for the likeliest tokens.
    var request: TargetRequest? {
        get throws {
            if let targetConcept { return try concept(targetConcept) }
            if targetDifference.count == 2 { return .difference(token(targetDifference[0]), token(targetDifference[1])) }
            return target.isEmpty ? nil : .tokens(target.map(token))
        }
    }

    private func concept(_ text: String) throws -> TargetRequest {
        let sides = text.split(separator: "/", omittingEmptySubsequences: false)
        guard sides.count == 2 else {
            throw ValidationError("--target-concept has tokens on both sides of one slash, for example \" Austin, Sacramento /  Texas, California\".")
        }
        // One space on each side belongs to the slash.
        let first = sides[0].hasSuffix(" ") ? sides[0].dropLast() : sides[0]
        let second = sides[1].hasPrefix(" ") && sides[0].hasSuffix(" ") ? sides[1].dropFirst() : sides[1]
        func tokens(_ side: Substring) -> [TokenReference] {
            side.split(separator: ",", omittingEmptySubsequences: false).map { token(String($0)) }
        }
        let request = (tokens(first), tokens(second))
        guard request.0.count == request.1.count else {
            throw ValidationError("--target-concept has \(request.0.count) tokens before the slash and \(request.1.count) behind it; each needs its counterpart.")
        }
        return .concept(request.0, counterparts: request.1)
    }

    private func token(_ text: String) -> TokenReference {
        if text.hasPrefix("#"), let id = Int(text.dropFirst()) { return .id(id) }
        return .text(text)
    }
}
