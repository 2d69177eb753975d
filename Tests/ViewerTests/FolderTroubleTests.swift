import Checkpoints
import Foundation
import GraphFiles
import TestSupport
import Testing

@testable import Viewer

/// What is wrong with a folder, or held by others, costs what it concerns and nothing else.
@Suite(.timeLimit(.minutes(30))) struct FolderTroubleTests {
    private let example: ExampleFolder
    private let client: Client

    init() throws {
        example = try ExampleFolder()
        client = Client(example.folder, labels: example.labels)
    }

    private static let body = #"{"qParams": {"pinnedIds": ["1_8_1"], "clerps": [["1_8_1", "eight"]]}}"#

    private func slugs() async -> [String] {
        (await client.get("/data/graph-metadata.json").json["graphs"] as? [[String: Any]])?.compactMap { $0["slug"] as? String } ?? []
    }

    private func notices() async -> [String] { await client.get("/data/graph-metadata.json").json["notices"] as? [String] ?? ["none"] }

    @Test func `a folder without trouble has nothing to say`() async { #expect(await notices() == []) }

    @Test func `damaged lists and labels are said, and every graph is there and can be saved to`() async throws {
        try example.write("[", "graphs/graph-metadata.json")
        try example.write("[", "labels/labels.json")
        #expect(await slugs() == ["dallas"])
        let notices = await notices()
        func damaged(_ file: String, _ cost: String) -> String {
            let name = file.split(separator: "/").last!
            return
                "\(example.temporary.url.appending(path: file).path) is not JSON: it ends too early. \(cost) The next time it is written, the damaged file is kept as \(name).damaged."
        }
        let list = damaged("graphs/graph-metadata.json", "The graphs are listed by name instead.")
        #expect(notices == [list, damaged("labels/labels.json", "Labels are not shown.")])
        #expect(await client.get("/graph_data/dallas.json").status == 200)
        #expect(await client.post("/save_graph/dallas", Self.body).status == 200)
        #expect(try example.contents()["labels/labels.json.damaged"] == Data("[".utf8))
        #expect(try example.contents()["graphs/graph-metadata.json"] == Data("[".utf8))
        let after = await self.notices()
        #expect(
            after == [
                list, "labels.json.damaged is a damaged labels.json that was set aside. Repair it and rename it to labels.json, or delete it.",
            ])
    }

    @Test func `labels that may not be read keep a save from being half done`() async throws {
        try FileManager.default.createDirectory(at: example.temporary.url.appending(path: "labels"), withIntermediateDirectories: false)
        try example.link("labels/labels.json", to: "secret.json")
        let before = try example.contents()
        #expect(await client.post("/save_graph/dallas", Self.body).status == 403)
        #expect(try example.contents().filter { !$0.key.hasSuffix(".lock") } == before)
        #expect(await client.get("/graph_data/dallas.json").status == 200)
    }

    @Test func `while another program holds the folder, graphs are read, and saves wait`() async throws {
        var lock = try FileLock.attempt(example.url.appending(path: ".circuit-tracer.lock"))
        #expect(lock != nil)
        let saves = (0..<50).map { _ in Task { [client] in await client.post("/save_graph/dallas", Self.body).status } }
        for _ in 0..<10 {
            #expect(await client.get("/graph_data/dallas.json").status == 200)
            #expect(await slugs() == ["dallas"])
        }
        lock = nil
        for save in saves { #expect(await save.value == 200) }
        #expect(try example.folder.document(ExampleFolder.slug).parameters.pinnedIDs == ["1_8_1"])
    }
}
