internal import Checkpoints
import Graphs
import Workbench

/// The parts of a set (docs/sets.md) that are one word.
extension Word {
    static let positionForms = #"@4, @-1 the last, @5:8 from 5 up to 8, @9: from 9 on, @* all, @" Dallas" by the token"#

    /// A term of a set: a site, a name or a call.
    func setTerm() throws(ConsoleError) -> SetExpression {
        if text.contains("(") { return .call(try call()) }
        if text.contains("/") || text.hasPrefix("*") { return .sites(try sites(text)) }
        if SetName.isOne(text) { return .named(text) }
        throw ConsoleError(
            "\(typed) is not a set of features", at: range, suggestion: text.hasPrefix("@") ? "*\(text)" : nil,
            advice: "a set has features such as 3/412@9 or 3:6/*@-1, names, and calls such as top(10); `help sets` says more")
    }

    /// Positions, as an option's value: with or without the `@`.
    func positionsTerm() throws(ConsoleError) -> PositionsTerm {
        if spelling == .quoted { return .at(.token(text)) }
        return try positions(text.hasPrefix("@") ? text.dropFirst() : text[...])
    }

    /// `9=11`: a position of this prompt and one of another, either by its token.
    func alignedPair() throws(ConsoleError) -> (here: PositionTerm, there: PositionTerm) {
        var rest = text[...]
        guard let here = try end(&rest), rest.popFirst() == "=", let there = try end(&rest), rest.isEmpty else {
            throw ConsoleError(
                "\(typed) does not pair positions", at: range, advice: #"one here with one there: 9=11, or by their tokens " Dallas"=" Oakland""#)
        }
        return (here, there)
    }

    /// Layers, as an option's value: `3` or `3:6`.
    func layersTerm() throws(ConsoleError) -> LayersTerm {
        guard spelling == .bare, let layers = try layers(text) else {
            throw ConsoleError("\(typed) does not name layers; write 3, or 3:6 for 3 up to but not including 6", at: range)
        }
        return layers
    }

    /// A range of layers `A:B`, half open.
    func layerRange() throws(ConsoleError) -> Range<Int> {
        guard spelling == .bare, case .range(let low, let high)? = try layers(text) else {
            throw ConsoleError("\(typed) is not a range of layers; one is written A:B, from A up to but not including B", at: range)
        }
        return low..<high
    }

    // MARK: - Sites

    /// `LAYERS/INDEX@POSITIONS`, each part one or several.
    private func sites(_ text: String) throws(ConsoleError) -> SitesTerm {
        let at = text.firstIndex(of: "@")
        let feature = text[..<(at ?? text.endIndex)]
        let positions: PositionsTerm? = if let at { try self.positions(text[at...].dropFirst()) } else { nil }
        if feature == "*" { return SitesTerm(layers: .all, index: nil, positions: positions) }
        let parts = feature.split(separator: "/", omittingEmptySubsequences: false)
        guard spelling == .bare, parts.count == 2, let layers = try layers(parts[0]), parts[1] == "*" || Self.natural(parts[1]) != nil else {
            throw ConsoleError("\(typed) is not a feature; one is written LAYER/INDEX, for example 3/412", at: range)
        }
        return SitesTerm(layers: layers, index: Self.natural(parts[1]), positions: positions)
    }

    private func layers(_ text: some StringProtocol) throws(ConsoleError) -> LayersTerm? {
        if text == "*" { return .all }
        let ends = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let low = Self.natural(ends[0]) else { return nil }
        if ends.count == 1 { return .one(low) }
        guard ends.count == 2, let high = Self.natural(ends[1]) else { return nil }
        if high <= low { throw ConsoleError("\(low):\(high) is an empty range of layers", at: range) }
        return .range(low, high)
    }

    private func positions(_ typed: Substring) throws(ConsoleError) -> PositionsTerm {
        if typed == "*" { return .all }
        let invalid = ConsoleError("@\(typed) does not name positions", at: range, advice: "positions: " + Self.positionForms)
        var rest = typed
        guard let low = try end(&rest) else { throw invalid }
        if rest.isEmpty { return .at(low) }
        guard rest.popFirst() == ":" else { throw invalid }
        if rest.isEmpty { return .from(low) }
        guard let high = try end(&rest), rest.isEmpty else { throw invalid }
        // Ends of different signs can only be compared once the prompt's length is known.
        if case .index(let a) = low, case .index(let b) = high, (a < 0) == (b < 0), b <= a {
            throw ConsoleError("@\(typed) is an empty range of positions", at: range)
        }
        return .range(low, high)
    }

    /// One position, by its number or its token; takes it off the text.
    private func end(_ rest: inout Substring) throws(ConsoleError) -> PositionTerm? {
        if rest.first == "\"" {
            let (token, end) = try quoted(rest)
            rest = rest[end...]
            if rest.first != "#" { return .token(token) }
            let digits = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
            rest = rest[digits.endIndex...]
            guard let occurrence = Int(digits), occurrence > 0 else { return nil }
            return .token(token, occurrence: occurrence)
        }
        let number = rest.prefix { $0 != ":" && $0 != "=" }
        rest = rest[number.endIndex...]
        guard let position = Int(number), !number.hasPrefix("+") else { return nil }
        return .index(position)
    }

    // MARK: - Calls

    private func call() throws(ConsoleError) -> SetCallTerm {
        let name = String(text.prefix { $0 != "(" })
        guard let call = SetCall.named(name) else {
            throw ConsoleError(
                "There is no call \(name)(...) of a set", at: range, suggestion: nearest(to: name, among: SetCall.standard.map(\.name)),
                advice: "calls: " + SetCall.standard.map(\.name).joined(separator: ", ") + "; `help sets` explains them")
        }
        var arguments: [SetArgument] = []
        var rest = text[...].dropFirst(name.count + 1)
        if rest == ")" { rest = "" }
        while !rest.isEmpty {
            arguments.append(try argument(&rest, of: call))
            switch rest.popFirst() {
            case "," where !rest.isEmpty: continue
            case ")" where rest.isEmpty: break
            case ")":
                throw ConsoleError(
                    "\(rest) cannot follow the parenthesis of \(name)(...)", at: range,
                    advice: "operators are words of their own: A + B, A - B, A & B")
            default:
                throw ConsoleError(
                    "\(text) is not closed with a parenthesis", at: range, advice: "a call is one word, without spaces outside quotes: \(call.usage)")
            }
        }
        if !text.hasSuffix(")") {
            throw ConsoleError(
                "\(text) is not closed with a parenthesis", at: range, advice: "a call is one word, without spaces outside quotes: \(call.usage)")
        }
        if let problem = call.problem(with: arguments) { throw ConsoleError(problem, at: range) }
        return SetCallTerm(name: name, arguments: arguments)
    }

    /// One argument, up to a comma or the closing parenthesis; takes it off the text.
    private func argument(_ rest: inout Substring, of call: SetCall) throws(ConsoleError) -> SetArgument {
        var (end, depth) = (rest.startIndex, 0)
        while end < rest.endIndex, depth > 0 || rest[end] != "," && rest[end] != ")" {
            depth += rest[end] == "(" ? 1 : rest[end] == ")" ? -1 : 0
            end = rest[end] == "\"" ? try quoted(rest[end...]).end : rest.index(after: end)
        }
        let argument = rest[..<end]
        rest = rest[end...]
        if argument.first == "\"" {
            let (text, end) = try quoted(argument)
            if end == argument.endIndex { return .text(text) }
        } else if argument.first == "@" {
            return .positions(try positions(argument.dropFirst()))
        } else if argument.first == "#", let id = Self.natural(argument.dropFirst()) {
            return .tokenID(id)
        } else if let count = Self.natural(argument), count > 0 {
            return .count(count)
        } else if argument.contains("/") {
            return .feature(try sites(String(argument)))
        } else if let order = FeatureOrder(rawValue: String(argument)) {
            return .order(order)
        } else if argument.contains(":"), let layers = try layers(argument) {
            return .layers(layers)
        } else if call.takesWords, !argument.isEmpty, argument.allSatisfy({ $0.isLetter || $0.isNumber || "-_'".contains($0) }) {
            return .text(String(argument))
        }
        throw ConsoleError(
            argument.isEmpty ? "An argument of \(call.name) is empty" : "\(argument) is not an argument of \(call.name)", at: range,
            advice: "\(call.usage): \(call.summary)")
    }

    // MARK: - Parts

    /// The JSON string that a text begins with, and where in the text it ends.
    private func quoted(_ text: Substring) throws(ConsoleError) -> (text: String, end: String.Index) {
        do throws(ConsoleError) { return try JSONText.read(text.base, at: text.startIndex) } catch {
            throw ConsoleError(error.message, at: range, advice: error.advice)
        }
    }

    /// Digits only: no sign, nothing that overflows.
    private static func natural(_ text: some StringProtocol) -> Int? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }
}

/// What `let` may call a set.
enum SetName {
    /// Words of the commands that take sets.
    static let keywords: Set<String> = ["from", "mean", "by", "replacing", "at", "before", "after", "all", "none", "current", "graph"]

    /// Whether it is spelled like a name: a letter, then letters, digits, `-` and `_`; `nan` and `inf` are numbers.
    static func isOne(_ text: String) -> Bool {
        guard let first = text.first, first.isLetter, Float(text) == nil else { return false }
        return text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
    }
}
