/// What an argument is: how it is completed.
enum ArgumentKind: Sendable, Equatable {
    case count, number, layers, position, text
    /// A prompt in double quotes.
    case prompt
    /// A set of features, which may take several words; the name of one; a feature or a token.
    case set, setName, supernode, node
    case token, file, model, command
    case choice([String])
}

/// One positional argument of a command.
struct Parameter: Sendable {
    enum Arity: Sendable, Equatable {
        case required, optional, oneOrMore, anyNumber
        /// One or more, each followed by a second word with this name.
        case oneOrMorePairs(second: String)

        var takesMany: Bool { self != .required && self != .optional }
        var takesNone: Bool { self == .optional || self == .anyNumber }
    }

    /// As usage lines write it, for example `FEATURE`.
    let name: String
    let kind: ArgumentKind
    let arity: Arity

    static func required(_ name: String, _ kind: ArgumentKind) -> Parameter { Parameter(name: name, kind: kind, arity: .required) }
    static func optional(_ name: String, _ kind: ArgumentKind) -> Parameter { Parameter(name: name, kind: kind, arity: .optional) }
    static func oneOrMore(_ name: String, _ kind: ArgumentKind) -> Parameter { Parameter(name: name, kind: kind, arity: .oneOrMore) }

    static func anyNumber(_ name: String, _ kind: ArgumentKind) -> Parameter { Parameter(name: name, kind: kind, arity: .anyNumber) }

    static func oneOrMorePairs(_ name: String, _ kind: ArgumentKind, _ second: String) -> Parameter {
        Parameter(name: name, kind: kind, arity: .oneOrMorePairs(second: second))
    }

    /// Whether it may take more than one word.
    var takesMany: Bool { arity.takesMany || kind == .set || kind == .node }

    var usage: String {
        switch arity {
        case .required: name
        case .optional: "[\(name)]"
        case .oneOrMore: kind == .set ? name : "\(name)..."
        case .anyNumber: kind == .set ? "[\(name)]" : "[\(name)...]"
        case .oneOrMorePairs(let second): "\(name) \(second) [\(name) \(second)]..."
        }
    }
}

/// One `--name` of a command.
struct OptionSpecification: Sendable {
    /// With its dashes.
    let name: String
    /// As usage lines write the value; nil for a switch.
    let value: String?
    let kind: ArgumentKind
    let summary: String
    /// Takes all words up to the next option.
    let takesMany: Bool

    init(_ name: String, _ value: String?, _ kind: ArgumentKind, _ summary: String, takesMany: Bool = false) {
        self.name = name
        self.value = value
        self.kind = kind
        self.summary = summary
        self.takesMany = takesMany
    }

    var usage: String {
        guard let value else { return "[\(name)]" }
        return "[\(name) \(value)\(takesMany ? "..." : "")]"
    }
}
