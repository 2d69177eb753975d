/// The ids of tokens with a role; not every added token that is marked special has one.
public struct SpecialTokens: Sendable, Equatable {
    /// `bos_token`, put before a prompt for models that were trained with it.
    public let beginning: Int?
    /// `eos_token`.
    public let end: Int?
    /// `pad_token`.
    public let padding: Int?
    /// All special tokens, each once, in transformers' order (`all_special_ids`).
    public let all: [Int]

    /// Creates the value from its ids.
    public init(beginning: Int?, end: Int?, padding: Int?, all: [Int]) {
        self.beginning = beginning
        self.end = end
        self.padding = padding
        self.all = all
    }
}

extension SpecialTokens {
    /// - Parameter vocabulary: must have every token of `roles`.
    init(_ roles: [SpecialTokenRole], _ vocabulary: AddedVocabulary) {
        func id(_ role: SpecialTokenRole?) -> Int? {
            role.flatMap { vocabulary.id(of: $0.token.content[...]) }.map(Int.init)
        }
        func id(named name: String) -> Int? { id(roles.first { $0.name == name }) }
        var seen: Set<Int> = []
        self.init(
            beginning: id(named: "bos_token"), end: id(named: "eos_token"), padding: id(named: "pad_token"),
            all: roles.compactMap(id).filter { seen.insert($0).inserted })
    }
}
