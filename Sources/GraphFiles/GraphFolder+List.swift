internal import Checkpoints
internal import Foundation
internal import JSON

/// The graphs of a folder, and what could not be read about them.
package struct GraphListing: Sendable, Equatable {
    /// Newest last: first those that `graph-metadata.json` does not list, by name, then those that it lists and that have a file.
    package let graphs: [GraphMetadata]
    /// Sentences about the folder's own files that are damaged or were set aside.
    package let notices: [String]
}

/// What was read about a folder's graphs, so that only changed files are read again.
package struct KnownGraphs: Sendable {
    fileprivate var metadata: [String: Known<GraphMetadata?>] = [:]
    fileprivate var list: Known<[GraphMetadata]>?

    package init() {}
}

/// What was read from a file in one state.
private struct Known<Value: Sendable>: Sendable {
    let identity: FileIdentity
    let value: Value
}

extension GraphFolder {
    /// Far more than the list of a thousand long prompts needs.
    static let listByteLimit = 100_000_000

    /// The graphs of the folder. A JSON file that is not a graph is skipped; of the others only the metadata is read.
    ///
    /// - Parameter known: what was read before; it is updated.
    /// - Throws: a system error for a folder that cannot be read. Problems with its files are in the notices.
    package func listing(_ known: inout KnownGraphs) throws -> GraphListing {
        let names = try names()
        var notices = setAside(Self.metadataName, among: names) + formerLabels(among: names)
        let listed = listed(&known.list, &notices).filter { names.contains($0.slug + ".json") }
        let isListed = Set(listed.map(\.slug))
        var metadata: [String: Known<GraphMetadata?>] = [:]
        var others: [GraphMetadata] = []
        for name in names.sorted() {
            guard name.hasSuffix(".json"), let slug = try? GraphSlug(String(name.dropLast(5))), !isListed.contains("\(slug)"),
                let identity = try? FileIdentity(of: url.appendingPathComponent(name))
            else { continue }
            let state = known.metadata[name].flatMap { $0.identity == identity ? $0 : nil } ?? Known(identity: identity, value: self.metadata(slug))
            metadata[name] = state
            if let found = state.value { others.append(found) }
        }
        known.metadata = metadata
        return GraphListing(graphs: others + listed, notices: notices)
    }

    /// The graphs of `listing`, read again.
    package func graphs() throws -> [GraphMetadata] {
        var known = KnownGraphs()
        return try listing(&known).graphs
    }

    /// What is wrong with the folder's own files, as sentences.
    package func notices() -> [String] {
        var known = KnownGraphs()
        let names = (try? names()) ?? []
        var notices = setAside(Self.metadataName, among: names) + formerLabels(among: names)
        _ = listed(&known.list, &notices)
        return notices
    }

    /// Labels used to be in each folder of graphs.
    private func formerLabels(among names: Set<String>) -> [String] {
        let name = "annotations.json"
        let file = url.appendingPathComponent(name).path
        return names.contains(name) ? ["\(file) has labels of an earlier version, which are not shown. In the console, `labels import` takes them over."] : []
    }

    func names() throws -> Set<String> {
        do {
            return Set(try FileManager.default.contentsOfDirectory(atPath: url.path))
        } catch CocoaError.fileReadNoSuchFile {
            return []
        }
    }

    /// Nil for a file that is not a graph.
    private func metadata(_ slug: GraphSlug) -> GraphMetadata? {
        var metadata = (try? GraphMetadata(head: slug.fileName, in: url)) ?? (try? document(slug))?.metadata
        // The graph is opened by its file's name.
        metadata?.slug = slug.description
        return metadata
    }

    private func listed(_ known: inout Known<[GraphMetadata]>?, _ notices: inout [String]) -> [GraphMetadata] {
        let identity = try? FileIdentity(of: url.appendingPathComponent(Self.metadataName))
        if let known, known.identity == identity { return known.value }
        do throws(CheckpointError) {
            let value = try listed()
            known = identity.map { Known(identity: $0, value: value) }
            return value
        } catch {
            notices.append(notice(of: error, in: Self.metadataName, cost: "The graphs are listed by name instead."))
            return []
        }
    }
}

// MARK: - graph-metadata.json

extension GraphFolder {
    /// Puts a graph at the end of the list, if it is not listed yet.
    package func list(_ slug: GraphSlug) throws {
        let document = try document(slug)
        try locked {
            if try whatIsListed().allSatisfy({ $0.slug != slug.description }) { try list(document.metadata) }
        }
    }

    /// Puts a graph at the end of the list, replacing an entry of the same name.
    func list(_ metadata: GraphMetadata) throws {
        let graphs = try whatIsListed().filter { $0.slug != metadata.slug }
        var writer = JSONWriter(escapesBeyondASCII: true)
        writer.object { writer in
            writer.key("graphs")
            writer.array(graphs + [metadata]) { $1.write(to: &$0) }
        }
        try write(writer.bytes, to: Self.metadataName)
    }

    /// The list's entries, to be written again; none if there is no list, or a damaged one, which is set aside.
    private func whatIsListed() throws(CheckpointError) -> [GraphMetadata] {
        try settingAside(Self.metadataName) { () throws(CheckpointError) -> [GraphMetadata] in try listed() } ?? []
    }

    /// The list's entries; none if there is no list.
    private func listed() throws(CheckpointError) -> [GraphMetadata] {
        try object(Self.metadataName)?.objects("graphs").map { entry throws(CheckpointError) in try GraphMetadata(entry) } ?? []
    }

    /// The object in a file of the folder, if there is one.
    func object(_ name: String, limit: Int = listByteLimit) throws(CheckpointError) -> JSONObject? {
        let file = url.appendingPathComponent(name)
        do throws(CheckpointError) {
            return try JSONFile(PlainFile.bytes(in: url, [name], limit: limit), of: file).root
        } catch {
            if case .unreadable(_, let reason) = error, reason.code == ENOENT { return nil }
            throw error
        }
    }
}
