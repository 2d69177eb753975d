extension Pattern {
    private struct State: Hashable {
        var instruction: Int
        var position: Int
    }

    /// Where to go on if what is tried first fails: at the state's position, then at ever earlier ones down to `earliest`.
    private struct Choice {
        var state: State
        let earliest: Int
    }

    /// All matches in `text[range]`, left to right; nothing outside the range is looked at.
    ///
    /// As Oniguruma's iterator: an empty match right after the one before it is passed over.
    func matches(in text: ScalarText, _ range: Range<Int>) -> [Range<Int>] {
        var matches: [Range<Int>] = []
        var choices: [Choice] = []
        let scalars = text.scalars.span
        var position = range.lowerBound
        var lastEnd: Int?
        while position <= range.upperBound {
            let start = State(instruction: 0, position: position)
            guard let end = match(from: start, in: scalars, range, &choices) else {
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

    /// Where the match that begins at `start` ends; nil where there is none.
    ///
    /// - Parameter choices: left as they were; passed on so that they are allocated once.
    private func match(
        from start: State, in text: Span<ClassifiedScalar>, _ range: Range<Int>, _ choices: inout [Choice]
    ) -> Int? {
        var state = start
        var visited: Set<State> = []
        let depth = choices.count
        while true {
            let following = State(instruction: state.instruction + 1, position: state.position)
            switch instructions[state.instruction] {
            case .accept:
                choices.removeLast(choices.count - depth)
                return state.position
            case .jump(let target):
                state.instruction = target
                continue
            case .fork(let otherwise):
                let other = State(instruction: otherwise, position: state.position)
                choices.append(Choice(state: other, earliest: state.position))
                state = following
                continue
            case .once:
                let isNew = visited.insert(state).inserted
                state = following
                if isNew { continue }
            case .anchor(let anchor):
                let holds = holds(anchor, in: text, range, at: state.position)
                state = following
                if holds { continue }
            case .look(let isNegative, let after):
                let found = match(from: following, in: text, range, &choices) != nil
                state.instruction = after
                if found != isNegative { continue }
            case .atomic(let after):
                if let end = match(from: following, in: text, range, &choices) {
                    state = State(instruction: after, position: end)
                    continue
                }
            case .scalars(let set, let least, let most):
                let run = run(of: set, in: text, from: state.position, to: range.upperBound, atMost: most)
                state = State(instruction: following.instruction, position: following.position + run)
                if run > least {
                    let shorter = State(instruction: state.instruction, position: state.position - 1)
                    choices.append(Choice(state: shorter, earliest: following.position + least))
                }
                if run >= least { continue }
            }
            guard choices.count > depth else { return nil }
            state = Self.next(&choices)
        }
    }

    private static func next(_ choices: inout [Choice]) -> State {
        let last = choices.count - 1
        let state = choices[last].state
        if state.position > choices[last].earliest { choices[last].state.position -= 1 } else { choices.removeLast() }
        return state
    }

    /// As in Oniguruma, a line begins after each U+000A but the one that ends the text, and ends before each and at the end.
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
        of set: Int, in text: Span<ClassifiedScalar>, from position: Int, to end: Int, atMost most: Int
    ) -> Int {
        let limit = min(end - position, most)
        var length = 0
        while length < limit, sets[set].contains(text[position + length]) { length += 1 }
        return length
    }
}
