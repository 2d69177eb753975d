internal import Foundation
internal import GraphFiles
internal import Graphs
internal import Replacement
internal import Tensors

extension SetCall {
    /// All calls, in the order in which help lists them.
    package static let standard: [SetCall] = [top, active, strongest, raises, feeds, fedBy, compare, label]

    private static let top = SetCall(
        "top", "top([N][,ORDER][,@P][,A:B])", "the first N features of the graph, ordered by influence, direct or activation",
        takes: [(.count, false), (.order, false), (.positions, false), (.layers, false)]
    ) { call, context in
        let (graph, influence) = try context.graphOfPrompt()
        let positions = try context.positions(call.positions)
        try call.layers.check(layers: context.layerCount)
        let sites = graph.features(by: call.order, influence: influence).lazy.map(graph.site(ofFeatureNode:))
        return Array(sites.filter { call.layers.contains($0.layer) && positions.contains($0.position) }.prefix(call.count))
    }

    private static let active = SetCall(
        "active", "active([@P][,A:B])", "the features that are active on the prompt",
        takes: [(.positions, false), (.layers, false)]
    ) { call, context in try context.activeSites(layers: call.layers, positions: call.positions) }

    private static let strongest = SetCall(
        "strongest", "strongest([N][,@P][,A:B])", "the N active features with the largest activations; needs no graph",
        takes: [(.count, false), (.positions, false), (.layers, false)]
    ) { call, context in
        let sites = try context.activeSites(layers: call.layers, positions: call.positions)
        return sites.map(context.activation(of:)).indicesOfLargest(call.count).map { sites[$0] }
    }

    private static let raises = SetCall(
        "raises", "raises(TOKEN[,N][,@P][,A:B])", "the N active features whose decoders raise a token's logit most, per unit of activation",
        takes: [(.token, true), (.count, false), (.positions, false), (.layers, false)]
    ) { call, context in
        let sites = try context.activeSites(layers: call.layers, positions: call.positions)
        let features = Array(Set(sites.map(\.feature))).sorted()
        let raised = try context.logits(of: features, token: call.token!)
        let logit = Dictionary(uniqueKeysWithValues: zip(features, raised))
        // A feature that is active at several positions is one of the N.
        let chosen = Set(raised.indicesOfLargest(min(call.count, raised.count)).filter { raised[$0] > 0 }.map { features[$0] })
        return sites.filter { chosen.contains($0.feature) }.sorted { (logit[$1.feature]!, $0) < (logit[$0.feature]!, $1) }
    }

    private static let label = SetCall(
        "label", "label(WORDS[,@P][,A:B])", "the active features whose label has WORDS in it", takes: [(.words, true), (.positions, false), (.layers, false)]
    ) { call, context in
        let sites = try context.activeSites(layers: call.layers, positions: call.positions)
        let labels = try context.labels()
        return sites.filter { labels[$0.feature]?.text.localizedStandardContains(call.text!) ?? false }
    }

    private static let feeds = SetCall(
        "feeds", "feeds(NODE[,N])", "the N features with the strongest edges to a feature or to a token's logit",
        takes: [(.node, true), (.count, false)]
    ) { call, context in
        let (graph, _) = try context.graphOfPrompt()
        let row = try context.row(of: call, in: graph)
        let inputs = graph.strongestInputs(ofRow: row, count: graph.index.sources).filter { $0 < graph.index.features }
        return inputs.prefix(call.count).map(graph.site(ofFeatureNode:))
    }

    private static let fedBy = SetCall(
        "fed-by", "fed-by(FEATURE[,N])", "the N features with the strongest edges from a feature",
        takes: [(.node, true), (.count, false)]
    ) { call, context in
        let (graph, _) = try context.graphOfPrompt()
        guard call.feature != nil else { throw SessionError("A logit feeds nothing; fed-by takes a feature.", word: "\(call)") }
        let node = try context.row(of: call, in: graph)
        let outputs = graph.strongestOutputs(of: node, count: graph.edges.rows).filter { $0 < graph.index.features }
        return outputs.prefix(call.count).map(graph.site(ofFeatureNode:))
    }

    private static let compare = SetCall(
        "compare", #"compare("PROMPT"[,@P][,A:B])"#,
        "the features that are active in only one of the two prompts, or at least twice as strong in one; positions are paired from the end",
        takes: [(.text, true), (.positions, false), (.layers, false)]
    ) { call, context in
        let positions = try context.positions(call.positions)
        try call.layers.check(layers: context.layerCount)
        let comparison = try context.comparison(with: call.text!)
        return comparison.differences.map(\.here).filter { call.layers.contains($0.layer) && positions.contains($0.position) }
    }
}
