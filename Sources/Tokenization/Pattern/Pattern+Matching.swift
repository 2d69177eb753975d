extension Pattern {
    private struct State: Hashable {
        var instruction: Int32
        var position: Int32
    }

    /// Where to continue if the first alternative fails: at the state's position, then at earlier ones down to `earliest`.
    private struct Choice {
        var state: State
        let earliest: Int32
    }

    /// The state of one search.
    private struct Search {
        let range: Range<Int>
        var choices: [Choice] = []
        /// The steps left.
        var steps: Int
        /// How many choices and marks may be kept at once; otherwise an endless pattern would fill the memory.
        let memoryLimit: Int
    }

    /// All matches in `text[range]`, left to right; nothing outside the range is read.
    ///
    /// Like Oniguruma's iterator, it skips an empty match right after the one before.
    /// - Throws: `.endlessPattern`.
    func matches(in text: ScalarText, _ range: Range<Int>, _ effort: inout MatchEffort) throws(TokenizerError) -> [Range<Int>] {
        var matches: [Range<Int>] = []
        var search = Search(
            range: range, steps: effort.steps(for: self, in: range), memoryLimit: 2 * range.count + 4_000_000)
        let scalars = text.scalars.span
        var position = range.lowerBound
        var lastEnd: Int?
        while position <= range.upperBound {
            guard let end = try match(from: State(instruction: 0, position: Int32(position)), in: scalars, &search) else {
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
        effort.finish(left: search.steps)
        return matches
    }

    /// Where the match that begins at `start` ends; nil if there is none. Leaves the search's choices as they were.
    private func match(
        from start: State, in text: Span<ClassifiedScalar>, _ search: inout Search
    ) throws(TokenizerError) -> Int? {
        var state = start
        var visited: Set<State> = []
        let depth = search.choices.count
        while true {
            search.steps -= 1
            guard search.steps >= 0, search.choices.count + visited.count <= search.memoryLimit else { throw .endlessPattern(self) }
            let following = State(instruction: state.instruction + 1, position: state.position)
            switch instructions[Int(state.instruction)] {
            case .accept:
                search.choices.removeLast(search.choices.count - depth)
                return Int(state.position)
            case .jump(let target):
                state.instruction = Int32(target)
                continue
            case .fork(let otherwise):
                let other = State(instruction: Int32(otherwise), position: state.position)
                search.choices.append(Choice(state: other, earliest: state.position))
                state = following
                continue
            case .once:
                let isNew = visited.insert(state).inserted
                state = following
                if isNew { continue }
            case .anchor(let anchor):
                let holds = holds(anchor, in: text, search.range, at: Int(state.position))
                state = following
                if holds { continue }
            case .look(let isNegative, let after):
                let found = try match(from: following, in: text, &search) != nil
                state.instruction = Int32(after)
                if found != isNegative { continue }
            case .atomic(let after):
                if let end = try match(from: following, in: text, &search) {
                    state = State(instruction: Int32(after), position: Int32(end))
                    continue
                }
            case .scalars(let set, let least, let most):
                let run = run(of: set, in: text, &search, from: Int(state.position), atMost: most)
                state = State(instruction: following.instruction, position: following.position + Int32(run))
                if run > least {
                    let shorter = State(instruction: state.instruction, position: state.position - 1)
                    search.choices.append(Choice(state: shorter, earliest: following.position + Int32(least)))
                }
                if run >= least { continue }
            }
            guard search.choices.count > depth else { return nil }
            state = Self.next(&search.choices)
        }
    }

    private static func next(_ choices: inout [Choice]) -> State {
        let last = choices.count - 1
        let state = choices[last].state
        if state.position > choices[last].earliest { choices[last].state.position -= 1 } else { choices.removeLast() }
        return state
    }

    /// As in Oniguruma, a line begins after each U+000A except one that ends the text, and ends before each and at the end.
    private func holds(
        _ anchor: PatternNode.Anchor, in text: Span<ClassifiedScalar>, _ range: Range<Int>, at position: Int
    ) -> Bool {
        let before = position > range.lowerBound ? text[position - 1] : nil
        let after = position < range.upperBound ? text[position] : nil
        return switch anchor {
        case .lineStart: before == nil || before?.value == 0xA && after != nil
        case .lineEnd: after == nil || after?.value == 0xA
        case .wordBoundary:
            before.map(ScalarSet.wordEscape.contains) ?? false != after.map(ScalarSet.wordEscape.contains) ?? false
        }
    }

    /// How many scalars from `position` on belong to the set, counted up to `most`.
    private func run(
        of set: Int, in text: Span<ClassifiedScalar>, _ search: inout Search, from position: Int, atMost most: Int
    ) -> Int {
        let limit = min(search.range.upperBound - position, most)
        var length = 0
        while length < limit, sets[set].contains(text[position + length]) { length += 1 }
        search.steps -= length
        return length
    }
}

extension TokenizerError {
    fileprivate static func endlessPattern(_ pattern: Pattern) -> TokenizerError {
        .endlessPattern(key: pattern.key, pattern: pattern.source)
    }
}
