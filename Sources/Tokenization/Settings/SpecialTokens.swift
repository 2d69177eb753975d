/// The ids of tokens that have a role, which is not every added token that is marked special.
public struct SpecialTokens: Sendable, Equatable {
    /// `bos_token`, put before a prompt by models that were trained so.
    public let beginning: Int?
    /// `eos_token`.
    public let end: Int?
    /// `pad_token`.
    public let padding: Int?
    /// Those and all others, each once, in transformers' order (`all_special_ids`).
    public let all: [Int]

    /// Ids as the properties say.
    public init(beginning: Int?, end: Int?, padding: Int?, all: [Int]) {
        self.beginning = beginning
        self.end = end
        self.padding = padding
        self.all = all
    }
}

extension SpecialTokens {
    /// - Parameter vocabulary: has every token of `roles`.
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
