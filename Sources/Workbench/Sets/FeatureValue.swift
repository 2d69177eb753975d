internal import Graphs
package import Replacement
internal import Tensors

/// What the features of a set are set to.
package enum FeatureValue: Hashable, Sendable {
    case edit(FeatureEdit)
    /// A multiple of the largest activation of each that is known from other texts, in place of its own or added to it.
    case ofLargest(times: Float, isAdded: Bool)
    /// Their values in another prompt, times a factor: at these positions there, or aligned from the end.
    case from(prompt: String, at: PositionsTerm?, times: Float)
    /// Their mean values over several prompts, each aligned from the end, times a factor.
    case mean(prompts: [String], times: Float)
}

/// A set with what its features are set to.
package struct SetEdit: Hashable, Sendable {
    package let set: SetExpression
    package let value: FeatureValue

    package init(_ set: SetExpression, _ value: FeatureValue) {
        self.set = set
        self.value = value
    }
}

extension [SetEdit] {
    /// Whether it takes other texts to say what they come to.
    var needEvidence: Bool { contains { if case .ofLargest = $0.value { true } else { false } } }
}

extension SetContext {
    /// The interventions that an edit of a set comes to.
    ///
    /// - Parameter notices: gets a sentence for an empty set, and for features that are not active in the other prompt.
    func requests(_ edit: SetEdit, notices: inout [String]) throws -> [InterventionRequest] {
        let features = try features(edit.set)
        notices += features.notices
        if features.isEmpty {
            notices.append("\(edit.set) is empty on this prompt.")
            return []
        }
        switch edit.value {
        case .edit(let edit): return features.selectors.map { InterventionRequest($0, edit) }
        case .ofLargest(let times, let isAdded):
            return try features.selectors.map {
                let value = try multipleOfLargest(times, of: $0.feature)
                return InterventionRequest($0, isAdded ? .add(value) : .set(value))
            }
        case .from(let prompt, let positions, let factor):
            return try requests(features, positions, times: factor, among: [try there(prompt)], notices: &notices)
        case .mean(let prompts, let factor):
            if prompts.isEmpty { throw SessionError("There are no prompts to take a mean over.") }
            return try requests(features, nil, times: factor, among: try prompts.map(there), notices: &notices)
        }
    }

    /// A multiple of the largest activation of a feature that is known from other texts.
    func multipleOfLargest(_ times: Float, of feature: FeatureID) throws -> Float {
        let largest = try largest(feature)
        if !(times * largest).isFinite { throw SessionError("\(times) times \(largest), the largest activation of \(feature), does not fit 32 bits.") }
        return times * largest
    }

    /// Another prompt with its features.
    private func there(_ prompt: String) throws -> (tokens: [TokenText], activations: FeatureActivations) {
        try Task.checkCancellation()
        let run = try recorded(prompt)
        return (run.tokens.map(model.text), run.activations!)
    }

    private func requests(
        _ features: FeatureSet, _ positions: PositionsTerm?, times factor: Float,
        among prompts: [(tokens: [TokenText], activations: FeatureActivations)], notices: inout [String]
    ) throws -> [InterventionRequest] {
        var inactive = 0
        func request(_ selector: FeatureSelector, _ value: Float) throws(SessionError) -> InterventionRequest {
            if value == 0 { inactive += 1 }
            if !(value * factor).isFinite { throw SessionError("\(factor) times \(value), the value of \(selector) there, does not fit 32 bits.") }
            return InterventionRequest(selector, .set(value * factor))
        }
        var requests: [InterventionRequest] = []
        let positionsHere = Set(try features.selectors.flatMap { try sites($0) }.map(\.position)).sorted()
        for selector in features.selectors {
            let sites = try self.sites(selector)
            func value(_ position: Int, in prompt: FeatureActivations) -> Float {
                prompt[FeatureSite(layer: selector.feature.layer, position: position, index: selector.feature.index)]
            }
            if let positions {
                // Only `from` names positions, and it has one prompt.
                let prompt = prompts[0]
                let named = try positions.numbers(in: prompt.tokens, ofOther: true, zeroed: local.model.zeroedPositions, notices: &notices)
                if named.count == 1 {
                    requests.append(try request(selector, value(named.lowerBound, in: prompt.activations)))
                } else if named.count == sites.count {
                    requests += try zip(sites, named).map { try request(FeatureSelector($0), value($1, in: prompt.activations)) }
                } else if named.count == positionsHere.count {
                    requests += try sites.map { site in
                        try request(FeatureSelector(site), value(named.lowerBound + positionsHere.firstIndex(of: site.position)!, in: prompt.activations))
                    }
                } else {
                    throw SessionError(
                        "@\(positions) is \(named.count) positions of the other prompt, and these features are at \(positionsHere.count) of this one. Name one, or as many.",
                        word: "@\(positions)")
                }
                continue
            }
            if try resolved(selector).upperBound > tokens.count {
                throw SessionError(
                    "\(selector) also covers generated tokens, which have no counterpart in another prompt. Name the position there whose value is meant, as in from \"PROMPT\" @-1.",
                    word: "\(selector)")
            }
            for site in sites {
                let values = prompts.compactMap { prompt -> Float? in
                    let position = site.position - tokens.count + prompt.tokens.count
                    return position < local.model.zeroedPositions ? nil : value(position, in: prompt.activations)
                }
                if values.isEmpty {
                    throw SessionError(
                        "Position \(site.position) has no counterpart in \(prompts.count == 1 ? "that prompt, which is" : "those prompts, which are") shorter. Positions are counted from the end; `from \"PROMPT\" @Q` names one."
                    )
                }
                requests.append(try request(FeatureSelector(site), values.reduce(0, +) / Float(values.count)))
            }
        }
        if inactive > 0 {
            let prompts = prompts.count == 1 ? "that prompt" : "any of those prompts"
            notices.append(
                requests.count == 1
                    ? "\(requests[0].selector) is not active in \(prompts), so it is set to 0."
                    : inactive == requests.count
                        ? "None of these \(requests.count) features is active in \(prompts), so all are set to 0."
                        : "\(inactive) of these \(requests.count) features \(inactive == 1 ? "is" : "are") not active in \(prompts) and set to 0.")
        }
        return requests
    }
}
