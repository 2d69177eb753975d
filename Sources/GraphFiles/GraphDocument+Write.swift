package import Checkpoints
package import Foundation
internal import Graphs
internal import JSON

extension GraphDocument {
    /// What a page is told about a document beyond its file.
    package struct View: Sendable, Equatable {
        package enum Pruned: String, Sendable {
            case wholeGraph = "whole graph"
            case file
        }

        /// What the sliders prune.
        package let prunes: Pruned
        package let nodeThreshold: Double
        package let edgeThreshold: Double

        package init(prunes: Pruned, nodeThreshold: Double, edgeThreshold: Double) {
            self.prunes = prunes
            self.nodeThreshold = nodeThreshold
            self.edgeThreshold = edgeThreshold
        }
    }

    /// The document as a file holds it, equal to the reference's.
    /// - Complexity: O(nodes + links).
    package func json() -> [UInt8] { json(view: nil) }

    /// The document as it is served: links have `source_index` and `target_index`, indices in `nodes`, and `view` says
    /// what was pruned.
    ///
    /// - Parameter shares: each link's share of all that its target receives in the whole graph, if known. `[links]`.
    package func served(_ view: View, shares: [Float]? = nil) -> [UInt8] { json(view: view, shares: shares) }

    /// Writes the file, whole or not at all.
    package func write(to url: URL) throws(CheckpointError) { try AtomicFile.write(json(), to: url) }

    private func json(view: View?, shares: [Float]? = nil) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.key("metadata")
            metadata.write(to: &writer)
            writer.key(QueryParameters.key)
            parameters.write(to: &writer)
            writer.key("nodes")
            writer.array(nodes) { $1.write(to: &$0) }
            writer.key("links")
            writer.array(links.indices) { writer, number in
                writer.object { writer in write(links[number], withIndexes: view != nil, share: shares?[number], to: &writer) }
            }
            if let view {
                writer.key("view")
                view.write(to: &writer)
            }
            writer.members(otherMembers)
        }
        return writer.bytes
    }

    private func write(_ link: DocumentLink, withIndexes: Bool, share: Float?, to writer: inout JSONWriter) {
        writer.key("source")
        writer.string(nodes[link.source].id)
        writer.key("target")
        writer.string(nodes[link.target].id)
        writer.key("weight")
        writer.number(link.weight)
        if withIndexes {
            writer.key("source_index")
            writer.integer(link.source)
            writer.key("target_index")
            writer.integer(link.target)
        }
        if let share {
            writer.key("share")
            writer.number(Double(share))
        }
        writer.members(link.otherMembers)
    }
}

extension GraphDocument.View {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.key("prunes")
            writer.string(prunes.rawValue)
            writer.key("node_threshold")
            writer.number(nodeThreshold)
            writer.key("edge_threshold")
            writer.number(edgeThreshold)
        }
    }
}

extension GraphMetadata {
    /// As a file holds them.
    package func json() -> [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.key("slug")
            writer.string(slug)
            writer.key("scan")
            writer.string(scan)
            writer.key("transcoder_list")
            writer.strings(transcoderList)
            writer.key("prompt_tokens")
            writer.strings(promptTokens)
            writer.key("prompt")
            writer.string(prompt)
            writer.key("node_threshold")
            writer.optional(nodeThreshold) { $0.number($1) }
            writer.key("schema_version")
            writer.optional(schemaVersion) { $0.integer($1) }
            writer.members(otherMembers)
        }
    }
}

extension QueryParameters {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.key(Key.pinnedIDs)
            writer.strings(pinnedIDs)
            writer.key(Key.supernodes)
            writer.array(supernodes) { $0.strings($1) }
            writer.key(Key.linkType)
            writer.string(linkType)
            writer.key(Key.clickedID)
            writer.string(clickedID)
            writer.key(Key.positions)
            writer.string(positions)
            if !labels.isEmpty {
                writer.key(Key.labels)
                writer.string(labelText)
            }
            writer.members(otherMembers)
        }
    }

    /// The labels as the JSON text of pairs: by node ids, as in Neuronpedia, then by feature numbers, as circuit-tracer's page
    /// looks them up. That page parses text, and stays empty if given a list; Neuronpedia's schema does not mention labels.
    private var labelText: String {
        var byFeature: [(number: String, text: String)] = []
        for label in labels {
            guard let feature = label.feature, let number = feature.cantorNumber.map(String.init) else { continue }
            byFeature.removeAll { $0.number == number }
            byFeature.append((number, label.text))
        }
        let pairs = labels.map { [$0.id, $0.text] } + byFeature.map { [$0.number, $0.text] }
        var writer = JSONWriter(layout: .compact)
        writer.array(pairs) { $0.strings($1) }
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// As a file holds them.
    package func json() -> [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }

    /// A short name for exactly these parameters: equal parameters have the same. 16 hexadecimal digits.
    package var revision: String { StableHash.of(json()).sixteenDigits }
}

extension DocumentNode {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.key("node_id")
            writer.string(id)
            writer.key("feature")
            writer.optional(feature) { $0.integer($1) }
            writer.key("layer")
            writer.string(layer)
            writer.key("ctx_idx")
            writer.integer(position)
            writer.key("feature_type")
            writer.string(kind)
            writer.key("token_prob")
            writer.number(tokenProbability)
            writer.key("is_target_logit")
            writer.bool(isTargetLogit)
            writer.key("run_idx")
            writer.integer(runIndex)
            writer.key("reverse_ctx_idx")
            writer.integer(reversePosition)
            writer.key("jsNodeId")
            writer.string(pageID)
            writer.key("clerp")
            writer.string(label)
            writer.key("influence")
            writer.optional(influence) { $0.number($1) }
            writer.key("activation")
            writer.optional(activation) { $0.number($1) }
            writer.members(otherMembers)
        }
    }
}
