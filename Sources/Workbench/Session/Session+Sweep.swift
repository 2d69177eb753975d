internal import Graphs
internal import Replacement
internal import Tensors
internal import Transformers

/// What a sweep goes through.
package struct SweepRequest: Sendable {
    /// One axis: a set, and the values it takes one after the other.
    package struct Axis: Sendable {
        package let set: SetExpression
        package let values: [Float]

        package init(set: SetExpression, values: [Float]) {
            self.set = set
            self.values = values
        }
    }

    /// How a value is meant.
    package enum Kind: String, Sendable, CaseIterable {
        case scale, set, add
        /// Set to that many times the feature's largest activation that is known from other texts.
        case max
    }

    /// One or two.
    package let axes: [Axis]
    package let kind: Kind
    /// The tokens that are watched; empty for those that are most likely somewhere on the way.
    package let watched: [TokenReference]

    package init(axes: [Axis], kind: Kind, watched: [TokenReference]) {
        self.axes = axes
        self.kind = kind
        self.watched = watched
    }
}

extension Session {
    /// Runs the prompt with a set at each of several strengths, or with each pair of two sets', on top of the interventions in
    /// force, which stay as they are. Ctrl-C keeps what is done.
    package func sweep(_ request: SweepRequest, progress: ProgressHandler? = nil) throws -> SweepReport {
        if request.kind == .max { try indexBundledCorpus(progress: progress ?? { _ in }) }
        let context = try setContext()
        var notices: [String] = []
        let sets = try request.axes.map { axis in
            let features = try context.features(axis.set)
            notices += features.notices
            if features.isEmpty { throw SessionError("\(axis.set) is empty on this prompt.", word: "\(axis.set)") }
            notices += try idle(features, context, request.kind, axis.set)
            return features.selectors
        }
        if sets.count == 2 {
            let shared = Set(try sets[0].flatMap { try context.sites($0) }).intersection(try sets[1].flatMap { try context.sites($0) }).count
            if shared > 0 {
                notices.append("\(shared) feature\(shared == 1 ? " is in both sets and takes" : "s are in both sets and take") the second one's value.")
            }
        }
        let first = request.axes[0].values.map { [$0] }
        let points = request.axes.count == 1 ? first : first.flatMap { point in request.axes[1].values.map { point + [$0] } }
        let edits = try points.map { point in
            try zip(sets, point).flatMap { selectors, value in
                try selectors.map { InterventionRequest($0, try context.edit(request.kind, value, of: $0.feature)) }
            }
        }
        return try sweep(points, edits, request.watched, progress: progress, notices: notices)
    }

    /// What to say where an axis changes nothing.
    private func idle(_ features: FeatureSet, _ context: SetContext, _ kind: SweepRequest.Kind, _ set: SetExpression) throws -> [String] {
        let sites = try features.selectors.flatMap { try context.sites($0) }
        if sites.isEmpty { return ["\(set) reaches no position of the prompt that has features, and a sweep generates no tokens, so it changes nothing."] }
        guard kind == .scale, sites.allSatisfy({ context.local.activations[$0] == 0 }) else { return [] }
        return ["No feature of \(set) is active on this prompt, so scaling changes nothing; --as set and --as add switch features on."]
    }

    /// Sets the first of a set's features to zero, as many as each count says; the set's order is that of its ranking.
    ///
    /// - Parameter set: nil for the graph's features by influence.
    package func sweepRanked(
        _ counts: [Int], of set: SetExpression?, watched: [TokenReference], progress: ProgressHandler? = nil
    ) throws -> SweepReport {
        let ranked = set ?? .call(SetCallTerm(name: "top", arguments: [.count(max(counts.max() ?? 0, 1))]))
        let features = try setContext().features(ranked)
        var notices = features.notices
        if let most = counts.max(), most > features.count { notices.append("\(ranked) has only \(features.count) features.") }
        let edits = counts.map { features.selectors.prefix($0).map { InterventionRequest($0, .zero) } }
        return try sweep(counts.map { [Float($0)] }, edits, watched, progress: progress, notices: notices)
    }

    private func sweep(
        _ points: [[Float]], _ edits: [[InterventionRequest]], _ watched: [TokenReference], progress: ProgressHandler?, notices: [String]
    ) throws -> SweepReport {
        let (model, local) = (try loaded(), try local())
        let inForce = try engineInterventions()
        let tokens = try watched.reduce(into: [Int]()) { tokens, reference in
            let token = try model.token(reference)
            if !tokens.contains(token) { tokens.append(token) }
        }
        var (runs, notices) = ([[Float]](), notices)
        var last = state.run?.run
        for (done, edits) in edits.enumerated() {
            do {
                try Task.checkCancellation()
                let run = try local.intervened(inForce + engineInterventions(edits), options: state.runOptions, after: last)
                last = run
                let logits = local.model.decoder.nextTokenLogits(run.record).elements
                guard logits.areFinite else { throw ReplacementError.overflow }
                runs.append(logits)
            } catch is CancellationError where !runs.isEmpty {
                notices.append("Interrupted after \(runs.count) of \(points.count) values.")
                break
            } catch ReplacementError.overflow {
                let values = points[done].map { "\($0)" }.joined(separator: " and ")
                throw SessionError("At \(values) the residual stream grows beyond what 32-bit floats hold. Sweep smaller values.")
            }
            progress?(WorkProgress(phase: "sweeping", done: done + 1, total: points.count, unit: "values"))
        }
        let watched = tokens.isEmpty ? Self.leaders(of: runs) : tokens
        return SweepReport(
            points: zip(points, runs).map { SweepReport.Point(values: $0, scores: model.scores($1, of: watched)) },
            tokens: watched.map(text), notices: notices)
    }

    /// The tokens that are the most likely one somewhere, in the order of the first time; at most four.
    private static func leaders(of runs: [[Float]]) -> [Int] {
        let first = runs.flatMap { $0.indicesOfLargest(1) }.reduce(into: [Int]()) { if !$0.contains($1) { $0.append($1) } }
        // Where one token leads everywhere, the one after it shows what it loses to.
        let all = first.count > 1 ? first : first + runs.prefix(1).flatMap { $0.indicesOfLargest(2).dropFirst() }
        return Array(all.prefix(4))
    }
}

extension SetContext {
    fileprivate func edit(_ kind: SweepRequest.Kind, _ value: Float, of feature: FeatureID) throws -> FeatureEdit {
        switch kind {
        case .scale: .scale(value)
        case .set: .set(value)
        case .add: .add(value)
        case .max: .set(try multipleOfLargest(value, of: feature))
        }
    }
}

package struct SweepReport: Sendable {
    package struct Point: Sendable {
        /// One for each axis.
        package let values: [Float]
        /// Of the watched tokens.
        package let scores: [TokenScore]
    }
    package let points: [Point]
    package let tokens: [TokenText]
    package let notices: [String]
}
