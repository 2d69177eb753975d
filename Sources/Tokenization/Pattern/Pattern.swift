/// A compiled regular expression over scalars: a small backtracking matcher with the reference's order of preference.
struct Pattern: Sendable {
    enum Instruction {
        /// Matches the set at an index, as often as possible within the bounds.
        case scalars(set: Int, atLeast: Int, atMost: Int)
        /// Tries the next instruction first, then the one at `otherwise`.
        case fork(otherwise: Int)
        case jump(to: Int)
        /// Fails where this attempt has been before: what follows has already failed there. Without it a repeated group
        /// could be tried in exponentially many ways.
        case once
        case anchor(PatternNode.Anchor)
        /// What follows up to its `accept` must match (or must not); then continues at `after`.
        case look(isNegative: Bool, after: Int)
        /// Takes the first match of what follows up to its `accept`; then continues at `after`.
        case atomic(after: Int)
        case accept
    }

    /// Limits the unrolling of repeated groups; real patterns take about fifty.
    private static let instructionLimit = 2000
    /// In bytes of UTF-8; real patterns have a few hundred.
    private static let lengthLimit = 1 << 16

    /// The source and its place, for errors.
    let source: String
    let key: String
    private(set) var instructions: [Instruction] = []
    private(set) var sets: [ScalarSet] = []

    /// - Parameter key: the expression's place in its file, for errors.
    init(expression: String, key: String) throws(TokenizerError) {
        guard expression.utf8.count <= Self.lengthLimit else {
            throw .unsupported(key: key, value: "a pattern of more than \(Self.lengthLimit) bytes")
        }
        var parser = PatternParser(expression, key: key)
        try self.init(node: try parser.parse(), source: expression, key: key)
    }

    /// Matches `literal` itself.
    init(literal: String, key: String) throws(TokenizerError) {
        // One past the limit is enough to refuse the pattern.
        let scalars = literal.unicodeScalars.prefix(Self.instructionLimit + 1)
        let nodes = scalars.map { PatternNode.set(ScalarSet(ranges: [$0.value...$0.value])) }
        try self.init(node: .sequence(nodes), source: literal, key: key)
    }

    private init(node: PatternNode, source: String, key: String) throws(TokenizerError) {
        (self.source, self.key) = (source, key)
        compile(node)
        instructions.append(.accept)
        guard instructions.count <= Self.instructionLimit else {
            throw .unsupported(key: key, value: "a pattern of more than \(Self.instructionLimit) pieces")
        }
    }

    private mutating func compile(_ node: PatternNode) {
        guard instructions.count <= Self.instructionLimit else { return }
        switch node {
        case .set(let set): append(set, 1, 1)
        case .repeated(let set, let least, let most): append(set, least, most ?? .max)
        case .sequence(let nodes): for node in nodes { compile(node) }
        case .optional(let node):
            let fork = reserve()
            compile(node)
            instructions[fork] = .fork(otherwise: instructions.count)
        case .group(let node, let least, let most): compile(node, atLeast: least, atMost: most)
        case .alternatives(let branches): compile(alternatives: branches)
        case .anchor(let anchor): instructions.append(.anchor(anchor))
        case .lookahead(let node, let isNegative):
            let look = compile(apart: node)
            instructions[look] = .look(isNegative: isNegative, after: instructions.count)
        case .atomic(let node):
            let atomic = compile(apart: node)
            instructions[atomic] = .atomic(after: instructions.count)
        }
    }

    /// Compiles a node that is matched on its own; returns where the instruction for it belongs.
    private mutating func compile(apart node: PatternNode) -> Int {
        let start = reserve()
        compile(node)
        instructions.append(.accept)
        return start
    }

    private mutating func compile(_ group: PatternNode, atLeast least: Int, atMost most: Int?) {
        for _ in 0..<least {
            instructions.append(.once)
            compile(group)
        }
        var forks: [Int] = []
        for _ in least..<(most ?? least + 1) {
            instructions.append(.once)
            forks.append(reserve())
            compile(group)
        }
        if most == nil { instructions.append(.jump(to: forks[0] - 1)) }
        for fork in forks { instructions[fork] = .fork(otherwise: instructions.count) }
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

    /// Reserves an instruction whose target is not known yet.
    private mutating func reserve() -> Int {
        instructions.append(.accept)
        return instructions.count - 1
    }
}
