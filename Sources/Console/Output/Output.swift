import Figures

/// What a command answers, before it has a format.
struct Output: Sendable, Equatable {
    enum Part: Sendable, Equatable {
        case fact(Fact)
        case table(Table)
        /// Words for people, printed as they are; in json the value of `key`.
        case prose(key: String, String)
        /// The same that flows into the width of a terminal.
        case page(key: String, Page)
        /// Lines that show people what a table says already; no other format has them.
        case drawing(String)
        /// The same as curves, as wide as there is room.
        case plot(Plot)
        /// The same of the prompt's tokens. Transcripts have none of the five.
        case shaded(ShadedText)
        case evidence(EvidenceDrawing)
        case circuit(CircuitFigure)
    }

    var parts: [Part] = []
    /// Things worth knowing that are not data; they go to stderr.
    var notices: [String] = []
    /// What to type next, for somebody who sits at a terminal; it goes to stderr.
    var hint: String?
    /// Whether an expectation was checked that does not hold.
    var isFailedExpectation = false
    /// Why what was asked about cannot be done, where that is the answer; the command has failed.
    var refusal: String?

    init(_ parts: [Part] = [], notices: [String] = []) {
        self.parts = parts
        self.notices = notices
    }
}

/// A single value with its name.
struct Fact: Sendable, Equatable {
    enum Visibility: Sendable, Equatable {
        /// In every format.
        case everywhere
        /// In json only: repeats for machines what people read elsewhere.
        case dataOnly
    }

    let key: String
    let label: String
    let value: Value
    var visibility = Visibility.everywhere
    /// Differs between runs or machines though nothing changed (times, memory, the store, paths); a transcript leaves it out.
    var isVolatile = false
}

extension Output.Part {
    static func fact(_ key: String, _ label: String, _ value: Value) -> Output.Part {
        .fact(Fact(key: key, label: label, value: value))
    }

    static func volatile(_ key: String, _ label: String, _ value: Value) -> Output.Part {
        .fact(Fact(key: key, label: label, value: value, isVolatile: true))
    }

    /// What is loaded goes by a name, or by a folder, which is this machine's.
    static func loaded(_ key: String, _ label: String, _ name: String?) -> Output.Part {
        let isFolder = name.map { [".", "/", "~"].contains($0.first) } ?? false
        return .fact(Fact(key: key, label: label, value: .optional(name), isVolatile: isFolder))
    }

    static func data(_ key: String, _ value: Value) -> Output.Part {
        .fact(Fact(key: key, label: key, value: value, visibility: .dataOnly))
    }
}
