import Downloads
import Graphs
import Workbench

/// One thing that a command shows: how it reads depends on the format.
enum Value: Sendable, Equatable {
    /// Nothing to say: `-`, null, or an empty field.
    case none
    /// Nothing, for people by a word; else as `none`.
    case absent(String)
    case flag(Bool)
    case integer(Int)
    case number(Double, NumberStyle)
    /// A name or a word, shown as it is.
    case text(String)
    /// A feature, or a node that is one, by its name; tables say its label beside it.
    case node(FeatureID, name: String)
    /// In place of a label that nobody has given; for people only.
    case provisional(String)
    /// Text from a prompt or a model, shown as a JSON string.
    case quoted(String)
    case bytes(Int)
    /// For example a number of parameters: shown rounded.
    case count(Int)
    case seconds(Double)
    case list([Value])
    /// A text whose end differs from another's; the end is marked.
    case marked(shared: String, changed: String)

    static func feature(_ feature: FeatureID) -> Value { .node(feature, name: "\(feature)") }
    static func site(_ site: FeatureSite) -> Value { .node(site.feature, name: "\(site)") }
    static func node(_ node: NodeDescription) -> Value {
        if case .feature(let site) = node.node { .node(site.feature, name: node.name) } else { .text(node.name) }
    }
    static func token(_ token: TokenText) -> Value { .quoted(token.text) }
    static func tokens(_ tokens: [TokenText]) -> Value { .list(tokens.map(Value.token)) }
    static func optional(_ value: Int?) -> Value { value.map(Value.integer) ?? .none }
    static func optional(_ value: String?) -> Value { value.map(Value.text) ?? .none }

    static func probability(_ value: Float) -> Value { .number(Double(value), .probability) }
    static func probabilityChange(_ value: Float) -> Value { .number(Double(value), .signedProbability) }
    static func logit(_ value: Float) -> Value { .number(Double(value), .decimals(3)) }
    static func logitChange(_ value: Float) -> Value { .number(Double(value), .signedDecimals(3)) }
    static func activation(_ value: Float) -> Value { .number(Double(value), .significant(4)) }
    /// A number that somebody chose.
    static func value(_ value: Float) -> Value { .number(Double(value), .significant(6)) }
    static func weight(_ value: Float) -> Value { .number(Double(value), .significant(4)) }
    static func weightChange(_ value: Float) -> Value { .number(Double(value), .signedSignificant(4)) }
    /// A part of a whole, 0 to 1.
    static func share(_ value: Float) -> Value { .number(Double(value), .decimals(4)) }
}

extension Value {
    /// For people: in tables and facts.
    var text: String {
        switch self {
        case .none: "-"
        case .absent(let word): word
        case .flag(let flag): flag ? "yes" : "no"
        case .integer(let value): "\(value)"
        case .number(let value, let style): style.text(value)
        case .text(let text): JSONText.escaped(text, as: .shown)
        case .node(_, let name): name
        case .provisional(let text): JSONText.escaped(text, as: .shown)
        case .quoted(let text): JSONText.quoted(text)
        case .bytes(let count): byteText(count)
        case .count(let count): countText(count)
        case .seconds(let seconds): timeText(seconds)
        case .list(let values): values.map(\.text).joined(separator: " ")
        case .marked(let shared, let changed): "\"\(JSONText.escaped(shared))[\(JSONText.escaped(changed))]\""
        }
    }

    var json: String {
        switch self {
        case .none, .absent, .provisional: "null"
        case .flag(let flag): flag ? "true" : "false"
        case .integer(let value), .bytes(let value), .count(let value): "\(value)"
        case .number(let value, _), .seconds(let value): Self.full(value) ?? "null"
        case .text(let text), .quoted(let text), .node(_, let text): JSONText.quoted(text)
        case .list(let values): "[" + values.map(\.json).joined(separator: ",") + "]"
        case .marked(let shared, let changed): JSONText.quoted(shared + changed)
        }
    }

    /// One field of a comma-separated file, not yet quoted.
    var csv: String {
        switch self {
        case .none, .absent, .provisional: ""
        case .flag(let flag): flag ? "true" : "false"
        case .integer(let value), .bytes(let value), .count(let value): "\(value)"
        case .number(let value, _), .seconds(let value): Self.full(value) ?? ""
        case .text(let text), .quoted(let text), .node(_, let text): text
        // Tokens may hold spaces: as JSON strings the list can be taken apart again.
        case .list(let values): values.map(\.json).joined(separator: " ")
        case .marked(let shared, let changed): shared + changed
        }
    }

    /// What a bar is drawn of.
    var finiteNumber: Double? {
        if case .number(let value, _) = self, value.isFinite { value } else { nil }
    }

    /// The shortest spelling that reads back as the same 32-bit number; nil if there is none.
    private static func full(_ value: Double) -> String? {
        guard value.isFinite else { return nil }
        // Minus zero has a sign that says nothing.
        let value = value == 0 ? 0 : value
        let narrow = Float(value)
        return Double(narrow) == value ? "\(narrow)" : "\(value)"
    }
}
