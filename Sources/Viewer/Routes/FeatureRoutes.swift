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
        }
    ]

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
        guard try summary(0, at: folder).slug == "\(slug)" else { return nil }
        return try self.feature(feature, count: Self.usualCount)
    }
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
