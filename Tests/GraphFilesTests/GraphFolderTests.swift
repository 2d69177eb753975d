import Checkpoints
import Foundation
import GraphFiles
import Graphs
import TestSupport
import Testing

@Suite struct GraphFolderTests {
    private let temporary: TemporaryFolder
    private let folder: GraphFolder
    private let small: GraphDocument

    init() throws {
        temporary = try TemporaryFolder()
        folder = GraphFolder(temporary.url.appending(path: "graphs"))
        small = try GraphDocument(smallDocument)
    }

    private func put(_ text: String, _ name: String) throws {
        let file = folder.url.appending(path: name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    private func text(_ name: String) throws -> String { String(decoding: try Data(contentsOf: folder.url.appending(path: name)), as: UTF8.self) }

    private func named(_ slug: String) throws -> GraphDocument {
        try GraphDocument(smallDocument, replacing: "\"slug\": \"small\"", with: "\"slug\": \"\(slug)\"")
    }

    // MARK: The list

    @Test func `the list is the reference's, newest last`() throws {
        #expect(try folder.graphs().isEmpty)
        try folder.write(ReferenceGraph.qwen.document())
        for slug in ["gr\u{FC}n", "a b"] { try folder.write(named(slug)) }
        try folder.write(ReferenceGraph.qwen.document())
        #expect(try folder.graphs().map(\.slug) == ["gr\u{FC}n", "a b", "graph"])
        #expect(try text("graph.json") == ReferenceGraph.qwen.text())
        // As json.dump(indent=2) writes it.
        let list = try text("graph-metadata.json")
        #expect(
            list.hasPrefix(
                "{\n  \"graphs\": [\n    {\n      \"slug\": \"gr\\u00fcn\",\n      \"scan\": \"org/set\",\n      \"transcoder_list\": [],\n      \"prompt_tokens\": [\n        \"a\",\n        \"b\"\n      ],\n      \"prompt\": \"ab\",\n      \"node_threshold\": 0.8,\n      \"schema_version\": 1\n    },\n"
            ))
        #expect(list.hasSuffix("\n    }\n  ]\n}"))
    }

    @Test func `graphs that are not listed are found, and lists without their files are not`() throws {
        try folder.write(named("listed"))
        try folder.write(named("gone"))
        try FileManager.default.removeItem(at: folder.url.appending(path: "gone.json"))
        try put(smallDocument, "copied.json")
        try put("{}", "other.json")
        try put(smallDocument, ".hidden.json")
        #expect(try folder.graphs().map(\.slug) == ["copied", "listed"])
    }

    @Test func `other people's entries stay as they are`() throws {
        try put(smallDocument, "small.json")
        try put(smallDocument, "theirs.json")
        try put(
            "{\"graphs\": [{\"slug\": \"theirs\", \"scan\": \"s\", \"prompt_tokens\": [], \"prompt\": \"\", \"title\": {\"x\": [1]}}]}", "graph-metadata.json")
        try folder.write(small)
        #expect(try folder.graphs().map(\.slug) == ["theirs", "small"] && text("graph-metadata.json").contains("\"title\": {\n        \"x\": [\n          1"))
    }

    @Test(arguments: TextForm.allCases) func `lists that an editor has saved are read, and added to`(_ form: TextForm) throws {
        try folder.write(small)
        for name in ["graph-metadata.json", "small.json"] { try form.data(text(name)).write(to: folder.url.appending(path: name)) }
        #expect(try folder.graphs() == [small.metadata])
        try folder.write(small.named("again"))
        #expect(try folder.graphs().map(\.slug) == ["small", "again"])
    }

    // MARK: Saving

    @Test func `pins outlive a new graph of the same prompt, and no other`() throws {
        try folder.write(small)
        var pinned = QueryParameters()
        pinned.pinnedIDs = ["1_7_1"]
        let slug = try GraphSlug("small")
        try folder.save(pinned, to: slug)
        let fresh = small.with(QueryParameters())
        #expect(try folder.write(fresh).parameters == pinned && folder.document(slug).parameters == pinned)
        let other = try GraphDocument(smallDocument, replacing: "\"prompt_tokens\": [\"a\", \"b\"]", with: "\"prompt_tokens\": [\"a\", \"c\"]").with(
            QueryParameters())
        #expect(try folder.write(other).parameters == QueryParameters() && folder.document(slug).parameters == QueryParameters())
    }

    @Test func `a change to what is no longer there is a conflict`() throws {
        try folder.write(small)
        let slug = try GraphSlug("small")
        var (mine, theirs) = (small.parameters, small.parameters)
        mine.pinnedIDs.append("E_5_0")
        theirs.clickedID = "1_7_1"
        let revision = try folder.save(theirs, to: slug, ifRevision: small.parameters.revision)
        #expect(revision == theirs.revision)
        #expect(throws: GraphFolderError.conflict(theirs)) { try folder.save(mine, to: slug, ifRevision: small.parameters.revision) }
        try folder.save(mine, to: slug)
        #expect(try folder.document(slug).parameters == mine)
        #expect(throws: GraphFolderError.noGraph(try GraphSlug("none"), folder: folder.url)) { try folder.save(mine, to: GraphSlug("none")) }
    }

    /// Each lock is a descriptor of its own, as another process has it.
    @Test func `whoever saves at once loses nothing`() async throws {
        try folder.write(small.with(QueryParameters()))
        let (folder, slug) = (folder, try GraphSlug("small"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    for number in 0..<5 {
                        while true {
                            var parameters = try folder.document(slug).parameters
                            let revision = parameters.revision
                            parameters.pinnedIDs.append("\(worker).\(number)")
                            do {
                                try folder.save(parameters, to: slug, ifRevision: revision)
                                break
                            } catch is GraphFolderError {}
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try Set(folder.document(slug).parameters.pinnedIDs).count == 40)
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
        #expect(left == [".circuit-tracer.lock", "graph-metadata.json", "small.json"])
    }

    @Test func `graphs that are written at once are all listed`() async throws {
        let (folder, documents) = (folder, try (0..<12).map { try named("g\($0)") })
        try await withThrowingTaskGroup(of: Void.self) { group in
            for document in documents { group.addTask { try folder.write(document) } }
            try await group.waitForAll()
        }
        #expect(try Set(folder.graphs().map(\.slug)) == Set(documents.map(\.metadata.slug)))
    }

    // MARK: What strangers may not do

    @Test(arguments: ["", ".", "..", ".x", "a/b", "a\\b", "a\0b", "a\nb", "\u{7F}", "graph-metadata", "annotations", String(repeating: "x", count: 201), "/"])
    func `a name that leads elsewhere is no slug`(_ text: String) {
        #expect(throws: GraphFolderError.slug(text)) { try GraphSlug(text) }
    }

    @Test func `links, folders and pipes are not read and not written over`() throws {
        try folder.write(small)
        let outside = temporary.url.appending(path: "outside.json")
        try Data(smallDocument.utf8).write(to: outside)
        for (name, make) in [
            ("link", { try FileManager.default.createSymbolicLink(at: $0, withDestinationURL: outside) }),
            ("folder", { try FileManager.default.createDirectory(at: $0, withIntermediateDirectories: true) }),
            ("pipe", { mkfifo($0.path, 0o644) }),
        ] as [(String, (URL) throws -> Void)] {
            let file = folder.url.appendingPathComponent("\(name).json")
            try make(file)
            let refusal = "\(file.path) must be a plain file, not a folder, a pipe, a device or a link."
            #expect(sentence { try folder.document(GraphSlug(name)) } == refusal)
            #expect(sentence { try folder.write(named(name)) } == refusal)
            #expect(sentence { try folder.save(small.parameters, to: GraphSlug(name)) } == refusal)
        }
        #expect(try folder.graphs().map(\.slug) == ["small"])
        #expect(try String(decoding: Data(contentsOf: outside), as: UTF8.self) == smallDocument)
    }
}
