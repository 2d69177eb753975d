package import Graphs

/// A call in a set, as typed: `top(5,direct)`.
package struct SetCallTerm: Hashable, Sendable {
    package let name: String
    package let arguments: [SetArgument]

    package init(name: String, arguments: [SetArgument]) {
        self.name = name
        self.arguments = arguments
    }
}

/// An argument of a call. Its shape says which it is, so the order of arguments does not matter.
package enum SetArgument: Hashable, Sendable {
    case count(Int)
    case order(FeatureOrder)
    case positions(PositionsTerm)
    case layers(LayersTerm)
    /// A token, or the text of a prompt.
    case text(String)
    case tokenID(Int)
    case feature(SitesTerm)

    package enum Shape: String, Sendable {
        case count = "N"
        case order = "ORDER"
        case positions = "@P"
        case layers = "A:B"
        case text = "TEXT"
        /// A text that needs no quotes where it is one word.
        case words = "WORDS"
        case token = "TOKEN"
        /// A feature, or a token whose logit the graph explains.
        case node = "NODE"
    }

    /// Whether a call that takes arguments of this shape takes this one.
    func fits(_ shape: Shape) -> Bool {
        switch (self, shape) {
        case (.count, .count), (.order, .order), (.positions, .positions), (.layers, .layers), (.text, .text), (.text, .words), (.text, .token),
            (.tokenID, .token), (.text, .node), (.tokenID, .node), (.feature, .node):
            true
        default: false
        }
    }
}

extension SetArgument: CustomStringConvertible {
    package var description: String {
        switch self {
        case .count(let count): "\(count)"
        case .order(let order): order.rawValue
        case .positions(let positions): "@\(positions)"
        case .layers(let layers): "\(layers)"
        case .text(let text): text.quotedText
        case .tokenID(let id): "#\(id)"
        case .feature(let term): "\(term)"
        }
    }
}

extension SetCallTerm: CustomStringConvertible {
    package var description: String { "\(name)(\(arguments.map(\.description).joined(separator: ",")))" }
}

/// A way to find features: everything that the grammar, help and completion know of it. A new one is one entry in `standard`.
package struct SetCall: Sendable {
    package let name: String
    /// As help writes it.
    package let usage: String
    package let summary: String
    /// Each at most once.
    let takes: [(shape: SetArgument.Shape, isRequired: Bool)]
    let select: @Sendable (SetCallTerm, SetContext) throws -> [FeatureSite]

    init(
        _ name: String, _ usage: String, _ summary: String, takes: [(SetArgument.Shape, isRequired: Bool)],
        select: @escaping @Sendable (SetCallTerm, SetContext) throws -> [FeatureSite]
    ) {
        self.name = name
        self.usage = usage
        self.summary = summary
        self.takes = takes
        self.select = select
    }

    /// Whether a word that is nothing else is a text here.
    package var takesWords: Bool { takes.contains { $0.shape == .words } }

    package static func named(_ name: String) -> SetCall? { standard.first { $0.name == name } }

    /// What is wrong with the arguments of a call, if anything is.
    package func problem(with arguments: [SetArgument]) -> String? {
        var free = takes.map(\.shape)
        for argument in arguments {
            guard let index = free.firstIndex(where: argument.fits) else {
                return "\(name) does not take \(argument) here; it is written \(usage)"
            }
            free.remove(at: index)
        }
        let missing = takes.first { $0.isRequired && free.contains($0.shape) }
        return missing.map { "\(name) needs \($0.shape.rawValue); it is written \(usage)" }
    }
}

extension SetCallTerm {
    /// How many features, or the usual number.
    var count: Int { arguments.firstValue { if case .count(let count) = $0 { count } else { nil } } ?? Session.usualCount }
    var order: FeatureOrder { arguments.firstValue { if case .order(let order) = $0 { order } else { nil } } ?? .influence }
    var positions: PositionsTerm? { arguments.firstValue { if case .positions(let positions) = $0 { positions } else { nil } } }
    var layers: LayersTerm { arguments.firstValue { if case .layers(let layers) = $0 { layers } else { nil } } ?? .all }
    var text: String? { arguments.firstValue { if case .text(let text) = $0 { text } else { nil } } }
    var feature: SitesTerm? { arguments.firstValue { if case .feature(let term) = $0 { term } else { nil } } }
    var token: TokenReference? {
        arguments.firstValue {
            switch $0 {
            case .text(let text): .text(text)
            case .tokenID(let id): .id(id)
            default: nil
            }
        }
    }
}

extension [SetArgument] {
    fileprivate func firstValue<Value>(_ value: (SetArgument) -> Value?) -> Value? { lazy.compactMap(value).first }
}
