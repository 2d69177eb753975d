internal import Evidence
internal import GraphFiles
internal import Graphs
internal import JSON
internal import Workbench

extension Responder {
    static let featureRoutes = [
        Route("GET", "/api/features/*/*") { responder, call in
            let name = "\(call.arguments[0])/\(call.arguments[1])"
            guard let feature = FeatureID(name) else { throw Refusal.notFound("There is no feature \(name): layer and index must be numbers.") }
            guard let slug = call.query["slug"] else { throw Refusal.badRequest("The request does not name the graph. Add ?slug=SLUG.") }
            let answer = try await responder.feature(feature, in: try GraphSlug(slug))
            return try .json(answer).compressed(for: call.request.head)
        },
        Route("GET", "/api/progress") { responder, _ in try .json(ProgressAnswer(responder.evidence.progress)) },
        Route("GET", "/api/names/*") { responder, call in
            try .json(await responder.names(in: try GraphSlug(call.arguments[0]))).compressed(for: call.request.head)
        },
        Route("GET", "/api/search/*") { responder, call in
            guard let words = call.query["words"] else { throw Refusal.badRequest("The request does not say what to look for. Add ?words=WORDS.") }
            return try .json(await responder.found(words, in: try GraphSlug(call.arguments[0]))).compressed(for: call.request.head)
        },
    ]

    /// Which features of a graph words find, and why; none where the session does not know the set.
    private func found(_ words: String, in slug: GraphSlug) async throws -> FoundAnswer {
        let features = try await access.with(slug) { document, whole in
            // What the sliders may show.
            if let graph = whole?.graph { return Set(graph.selectedFeatures.map { graph.activeFeatures[$0].feature }) }
            return Self.features(of: document)
        }
        let found = try await session?.found(words, among: features, of: slug, in: folder) ?? []
        return FoundAnswer(
            found: Dictionary(uniqueKeysWithValues: found.map { ("\($0.feature)", FoundAnswer.Found(found: $0.reason.rawValue, text: $0.text)) }))
    }

    private static func features(of document: GraphDocument) -> Set<FeatureID> {
        Set(document.nodes.compactMap { node in if case .feature(let site) = node.node { site.feature } else { nil } })
    }

    /// What the features of a graph are called: by people, and by what they raise where the session knows the set.
    private func names(in slug: GraphSlug) async throws -> NamesAnswer {
        let (scan, features) = try await access.with(slug) { document, _ in (document.metadata.scan, Self.features(of: document).sorted()) }
        let known = (try? labels.labels(of: scan)) ?? [:]
        var answer = NamesAnswer()
        for feature in features { answer.labels["\(feature)"] = known[feature].map { .init(text: $0.text, suggested: $0.isSuggested) } }
        // A few at a time, so that somebody at the console need not wait for all.
        let unnamed = features.filter { known[$0] == nil }
        for start in stride(from: 0, to: unnamed.count, by: Self.namedAtOnce) {
            let some = Array(unnamed[start..<min(start + Self.namedAtOnce, unnamed.count)])
            guard let raised = try await session?.raised(by: some, of: slug, in: folder) else { break }
            for (feature, tokens) in raised { answer.raises["\(feature)"] = tokens.map(\.text) }
        }
        return answer
    }

    private static let namedAtOnce = 32

    /// What is known about a feature: from the model if it is loaded, else from the graph and the stored evidence.
    private func feature(_ feature: FeatureID, in slug: GraphSlug) async throws -> FeatureAnswer {
        let report = try await session?.feature(feature, of: slug, in: folder)
        return try await access.with(slug) { document, _ in
            try FeatureAnswer(feature, report, document, evidence.evidence(for: feature, scan: document.metadata.scan, graphs: folder.url))
        }
    }
}

extension Session {
    /// What the loaded model knows about a graph's feature; nil unless the graph is the current one, of this model.
    fileprivate func feature(_ feature: FeatureID, of slug: GraphSlug, in folder: GraphFolder) throws -> FeatureReport? {
        guard try isCurrent(slug, in: folder) else { return nil }
        return try self.feature(feature, count: Self.usualCount)
    }

    /// The tokens that features of a graph raise most; nil unless the graph is the current one, of this model.
    fileprivate func raised(by features: [FeatureID], of slug: GraphSlug, in folder: GraphFolder) throws -> [FeatureID: [TokenText]]? {
        guard try isCurrent(slug, in: folder) else { return nil }
        return try raisedTokens(of: features)
    }

    /// Which features of a graph words find; nil unless the graph is the current one, of this model.
    fileprivate func found(_ words: String, among features: Set<FeatureID>, of slug: GraphSlug, in folder: GraphFolder) throws -> [FoundFeature]? {
        guard try isCurrent(slug, in: folder) else { return nil }
        return try found(words, among: features, withContexts: true)
    }
}

/// What the session is doing that takes long.
private struct ProgressAnswer: Encodable, Sendable {
    struct Progress: Encodable {
        let phase: String
        let done: Int
        let total: Int
    }
    /// `null` while it does nothing of the kind.
    let progress: OrNull<Progress>

    init(_ progress: WorkProgress?) {
        self.progress = OrNull(progress.map { Progress(phase: $0.phase, done: $0.done, total: $0.total) })
    }
}

private struct FoundAnswer: Encodable, Sendable {
    struct Found: Encodable {
        let found: String
        let text: String
    }
    /// By feature.
    let found: [String: Found]
}

private struct NamesAnswer: Encodable, Sendable {
    struct Label: Encodable {
        let text: String
        let suggested: Bool
    }
    var labels: [String: Label] = [:]
    var raises: [String: [String]] = [:]
}

private struct FeatureAnswer: Encodable, Sendable {
    struct Output: Encodable {
        let token: String
        let logit: OrNull<Float>

        init(_ token: String, _ logit: Float?) {
            self.token = token
            self.logit = OrNull(logit)
        }
    }

    struct Firing: Encodable {
        let position: Int
        let token: String
        let activation: Double
    }

    let feature: String
    let top: [Output]
    let bottom: [Output]
    let firings: [Firing]
    let evidence: OrNull<EncodedAsIs>
    /// Why evidence could not be read, a sentence each.
    let faults: [String]

    init(_ feature: FeatureID, _ report: FeatureReport?, _ document: GraphDocument, _ answer: EvidenceAnswer) throws {
        self.feature = "\(feature)"
        evidence = OrNull(try answer.evidence.map { EncodedAsIs(try JSONValue(parsing: $0.json, valueLimit: .max)) })
        faults = answer.faults
        if let report {
            top = report.top.map { Output($0.token.text, $0.logit) }
            bottom = report.bottom.map { Output($0.token.text, $0.logit) }
            // The session's prompt may continue after the token whose prediction the graph explains.
            firings = report.firings.filter { $0.position < document.metadata.promptTokens.count }
                .map { Firing(position: $0.position, token: $0.token.text, activation: Double($0.activation)) }
        } else {
            // Evidence names tokens without their logits.
            top = (answer.evidence?.topLogits ?? []).map { Output($0, nil) }
            bottom = (answer.evidence?.bottomLogits ?? []).map { Output($0, nil) }
            firings = Self.firings(feature, in: document)
        }
    }

    /// Where the feature is active, by the document's nodes.
    private static func firings(_ feature: FeatureID, in document: GraphDocument) -> [Firing] {
        document.nodes.compactMap { node in
            guard case .feature(let site) = node.node, site.feature == feature, let activation = node.activation else { return nil }
            return Firing(position: site.position, token: document.metadata.promptTokens[site.position], activation: activation)
        }
    }
}
