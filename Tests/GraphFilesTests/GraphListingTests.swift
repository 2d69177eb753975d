import Checkpoints
import Foundation
import GraphFiles
import Graphs
import TestSupport
import Testing

/// What is listed of a folder, and what damage costs.
@Suite struct GraphListingTests {
    private let temporary: TemporaryFolder
    private let folder: GraphFolder
    private let small: GraphDocument
    private let seven = FeatureID(layer: 1, index: 7)

    init() throws {
        temporary = try TemporaryFolder()
        folder = GraphFolder(temporary.url)
        small = try GraphDocument(smallDocument)
    }

    private func file(_ name: String) -> URL { folder.url.appending(path: name) }
    private func put(_ text: String, _ name: String) throws { try Data(text.utf8).write(to: file(name)) }
    private func text(_ name: String) throws -> String { String(decoding: try Data(contentsOf: file(name)), as: UTF8.self) }

    private func listing() throws -> GraphListing {
        var known = KnownGraphs()
        return try folder.listing(&known)
    }

    // MARK: Damage

    private static let damaged = ["[", "{}", "{\"graphs\": [{}]}", "{\"graphs\": 1}", "\0\0\0", "", "{\"graphs\": [{\"slug\": 5}]}"]

    @Test(arguments: damaged) func `a damaged list costs its order, and is kept when a graph is written`(_ list: String) throws {
        try put(smallDocument, "small.json")
        try put(list, "graph-metadata.json")
        let before = try listing()
        #expect(before.graphs.map(\.slug) == ["small"])
        #expect(before.notices.count == 1)
        #expect(before.notices.first?.contains(file("graph-metadata.json").path) == true)
        #expect(
            before.notices.first?.hasSuffix(
                " The graphs are listed by name instead. The next time it is written, the damaged file is kept as graph-metadata.json.damaged.") == true)
        #expect(folder.notices() == before.notices)
        try folder.write(small.named("again"))
        #expect(try text("graph-metadata.json.damaged") == list)
        let after = try listing()
        #expect(folder.notices() == after.notices)
        #expect(after.graphs.map(\.slug) == ["small", "again"])
        #expect(
            after.notices == [
                "graph-metadata.json.damaged is a damaged graph-metadata.json that was set aside. Repair it and rename it to graph-metadata.json, or delete it."
            ])
    }

    @Test func `a link in place of the list is neither followed nor written over`() throws {
        try folder.write(small)
        let outside = try TemporaryFolder().url.appending(path: "outside.json")
        try FileManager.default.removeItem(at: file("graph-metadata.json"))
        try FileManager.default.createSymbolicLink(at: file("graph-metadata.json"), withDestinationURL: outside)
        let listing = try listing()
        #expect(listing.graphs.map(\.slug) == ["small"])
        let refusal = " must be a plain file, not a folder, a pipe, a device or a link. "
        #expect(
            listing.notices == [file("graph-metadata.json").path + refusal + "The graphs are listed by name instead."])
        #expect(throws: CheckpointError.self) { try folder.write(small.named("again")) }
    }

    @Test func `labels of an earlier version are said`() throws {
        try folder.write(small)
        try put("{\"version\": 1, \"labels\": {\"org/set\": {\"1/7\": \"seven\"}}}", "annotations.json")
        #expect(
            try listing().notices == [
                "\(file("annotations.json").path) has labels of an earlier version, which are not shown. In the console, `labels import` takes them over."
            ])
        #expect(try LabelFile(reading: file("annotations.json"), scan: "org/set").labels == [FeatureID(layer: 1, index: 7): FeatureLabel("seven")])
    }

    // MARK: What is read

    @Test func `only the metadata of a graph is read for the list`() throws {
        let start = try #require(smallDocument.firstRange(of: "\"nodes\""))
        try put(String(smallDocument[..<start.lowerBound]), "cut.json")
        try put("{\"other\": 1, " + smallDocument.trimmingPrefix("{"), "later.json")
        try put("{\"metadata\": {\"prompt\": \"}\\\"{\", \"slug\": \"x\", \"scan\": \"s\", \"prompt_tokens\": [\"}\", \"\\\\\"]}}", "odd.json")
        let long = String(repeating: "long ", count: 50_000)
        try put(smallDocument.replacing("\"prompt\": \"ab\"", with: "\"prompt\": \"\(long)\""), "long.json")
        for text in ["{", "{\"metadata\"", "{\"metadata\": {", "{\"metadata\": {}}", "{\"metadata\": 5}", "[]", "5", ""] {
            try put(text, "no\(text.count).json")
        }
        #expect(try listing().graphs.map(\.slug) == ["cut", "later", "long", "odd"])
        #expect(try listing().graphs.map(\.prompt) == ["ab", "ab", long, "}\"{"])
    }

    @Test func `what has not changed is not read again`() throws {
        try put(smallDocument, "small.json")
        var known = KnownGraphs()
        #expect(try folder.listing(&known).graphs.map(\.prompt) == ["ab"])
        // As long, in the same file, at the same time.
        let identity = try FileIdentity(of: file("small.json"))
        try write(smallDocument.replacing("\"prompt\": \"ab\"", with: "\"prompt\": \"cd\""), over: "small.json")
        #expect(try FileIdentity(of: file("small.json")) == identity)
        #expect(try folder.listing(&known).graphs.map(\.prompt) == ["ab"])
        try FileManager.default.setAttributes([.modificationDate: Date.now.addingTimeInterval(10)], ofItemAtPath: file("small.json").path)
        #expect(try folder.listing(&known).graphs.map(\.prompt) == ["cd"])
        try FileManager.default.removeItem(at: file("small.json"))
        #expect(try folder.listing(&known).graphs.isEmpty)
    }

    /// Changes a file's bytes and nothing that its identity is made of.
    private func write(_ text: String, over name: String) throws {
        var status = stat()
        try #require(stat(file(name).path, &status) == 0)
        let handle = try FileHandle(forWritingTo: file(name))
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
        #if canImport(Darwin)
            let times = [status.st_atimespec, status.st_mtimespec]
        #else
            let times = [status.st_atim, status.st_mtim]
        #endif
        try #require(utimensat(AT_FDCWD, file(name).path, times, 0) == 0)
    }

    // MARK: Locks

    @Test func `readers need no lock, and writers wait for theirs`() async throws {
        try folder.write(small)
        var lock = try FileLock.attempt(file(".circuit-tracer.lock"))
        #expect(lock != nil)
        #expect(try listing().graphs.map(\.slug) == ["small"])
        #expect(try folder.document(GraphSlug("small")) == small)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<100 {
                group.addTask { [folder, small] in
                    // As patient as a slow machine needs.
                    let hold = try await folder.hold(since: .now.advanced(by: .seconds(3600)))
                    try folder.write(small.named("g\(number)"), under: hold)
                }
            }
            lock = nil
            try await group.waitForAll()
        }
        #expect(try folder.graphs().count == 101)
    }

    @Test func `who gives up waiting stops`() async throws {
        try folder.write(small)
        let lock = try #require(try FileLock.attempt(file(".circuit-tracer.lock")))
        let waiting = Task { [folder] in _ = try await folder.hold() }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        let writing = Task { [folder, small] in _ = try folder.write(small) }
        writing.cancel()
        await #expect(throws: CancellationError.self) { try await writing.value }
        withExtendedLifetime(lock) {}
    }
}
