/// A compiled regular expression over scalars: a small backtracking matcher with the reference's order of preference.
struct Pattern: Sendable {
    private enum Instruction {
        /// The set at an index, as often as possible within the bounds.
        case scalars(set: Int, atLeast: Int, atMost: Int)
        /// The next instruction first, then the one at `otherwise`.
        case fork(otherwise: Int)
        case jump(to: Int)
        /// What follows up to its `accept` must match (or must not); then on at `after`.
        case look(isNegative: Bool, after: Int)
        case accept
    }

    /// Bounds the matcher's recursion; the patterns in the wild take about fifty.
    private static let instructionLimit = 2000

    private var instructions: [Instruction] = []
    private var sets: [ScalarSet] = []

    /// - Parameter key: where the expression stands in its file, for errors.
    init(expression: String, key: String) throws(TokenizerError) {
        var parser = PatternParser(expression, key: key)
        try self.init(node: try parser.parse(), key: key)
    }

    /// Matches `literal` itself.
    init(literal: String, key: String) throws(TokenizerError) {
        let nodes = literal.unicodeScalars.map { PatternNode.set(ScalarSet(ranges: [$0.value...$0.value])) }
        try self.init(node: .sequence(nodes), key: key)
    }

    private init(node: PatternNode, key: String) throws(TokenizerError) {
        compile(node)
        instructions.append(.accept)
        guard instructions.count <= Self.instructionLimit else {
            throw .unsupported(key: key, value: "a pattern of more than \(Self.instructionLimit) pieces")
        }
    }

    private mutating func compile(_ node: PatternNode) {
        switch node {
        case .set(let set): append(set, 1, 1)
        case .repeated(let set, let least, let most): append(set, least, most ?? .max)
        case .sequence(let nodes): for node in nodes { compile(node) }
        case .optional(let node):
            let fork = reserve()
            compile(node)
            instructions[fork] = .fork(otherwise: instructions.count)
        case .alternatives(let branches): compile(alternatives: branches)
        case .lookahead(let node, let isNegative):
            let look = reserve()
            compile(node)
            instructions.append(.accept)
            instructions[look] = .look(isNegative: isNegative, after: instructions.count)
        }
    }

    private mutating func compile(alternatives: [PatternNode]) {
        var jumps: [Int] = []
        for branch in alternatives.dropLast() {
            let fork = reserve()
            compile(branch)
            jumps.append(reserve())
            instructions[fork] = .fork(otherwise: instructions.count)
        }
        compile(alternatives[alternatives.count - 1])
        for jump in jumps { instructions[jump] = .jump(to: instructions.count) }
    }

    private mutating func append(_ set: ScalarSet, _ least: Int, _ most: Int) {
        instructions.append(.scalars(set: sets.count, atLeast: least, atMost: most))
        sets.append(set)
    }

    /// Room for an instruction whose target is not known yet.
    private mutating func reserve() -> Int {
        instructions.append(.accept)
        return instructions.count - 1
    }
}

extension Pattern {
    /// All matches in `text[range]`, left to right; nothing outside the range is looked at.
    ///
    /// As Oniguruma's iterator: an empty match right after the one before it is passed over.
    func matches(in text: ScalarText, _ range: Range<Int>) -> [Range<Int>] {
        var matches: [Range<Int>] = []
        let scalars = text.scalars.span
        var position = range.lowerBound
        var lastEnd: Int?
        while position <= range.upperBound {
            guard let end = match(0, in: scalars, at: position, end: range.upperBound) else {
                position += 1
                continue
            }
            if end == position {
                if lastEnd != end { matches.append(position..<end) }
                position += 1
            } else {
                matches.append(position..<end)
                position = end
            }
            lastEnd = end
        }
        return matches
    }

    /// Where the match that begins at `position` ends, from `instruction` on; nil where there is none.
    private func match(_ instruction: Int, in text: Span<ClassifiedScalar>, at position: Int, end: Int) -> Int? {
        var instruction = instruction
        var position = position
        while true {
            switch instructions[instruction] {
            case .accept: return position
            case .jump(let target): instruction = target
            case .fork(let otherwise):
                if let found = match(instruction + 1, in: text, at: position, end: end) { return found }
                instruction = otherwise
            case .look(let isNegative, let after):
                let found = match(instruction + 1, in: text, at: position, end: end) != nil
                guard found != isNegative else { return nil }
                instruction = after
            case .scalars(let set, let least, let most):
                let run = run(of: set, in: text, at: position, end: end, atMost: most)
                guard run >= least else { return nil }
                instruction += 1
                // The longest run first, then ever shorter ones.
                for length in stride(from: run, to: least, by: -1) {
                    if let found = match(instruction, in: text, at: position + length, end: end) { return found }
                }
                position += least
            }
        }
    }

    /// How many scalars from `position` on belong to the set, counted up to `most`.
    private func run(of set: Int, in text: Span<ClassifiedScalar>, at position: Int, end: Int, atMost most: Int) -> Int {
        let limit = min(end - position, most)
        var length = 0
        while length < limit, sets[set].contains(text[position + length]) { length += 1 }
        return length
    }
}
