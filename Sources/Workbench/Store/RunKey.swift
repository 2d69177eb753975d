/// What a stored run is of: which model and set, in which state of their files, and which tokens.
struct RunKey: Equatable {
    /// As `LoadedModel.identity` says it: a line for each file, the model's config.json first.
    let identity: String
    let tokens: [Int]

    /// The first line; another where runs are stored otherwise.
    private static let form = "run 4"

    init(identity: String, tokens: [Int]) {
        self.identity = identity
        self.tokens = tokens
    }

    /// Nil for what is not a key of this form.
    init?(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count > 2, lines[0] == Self.form, let list = lines.last, list.first == "[", list.last == "]" else { return nil }
        let words = list.dropFirst().dropLast().split(separator: ", ")
        let tokens = words.compactMap { Int($0) }
        guard tokens.count == words.count else { return nil }
        self.init(identity: lines.dropFirst().dropLast().joined(separator: "\n"), tokens: tokens)
    }

    var text: String { "\(Self.form)\n\(identity)\n\(tokens)" }

    /// Whether both are of one model, in one state, and so of one tokenizer; the sets may differ.
    func isOfModel(withIdentity other: String) -> Bool {
        identity.prefix { $0 != "\n" } == other.prefix { $0 != "\n" }
    }
}
