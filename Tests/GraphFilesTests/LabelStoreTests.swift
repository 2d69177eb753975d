import Checkpoints
import Foundation
import GraphFiles
import Graphs
import TestSupport
import Testing

/// What people call features, kept for all graphs of a set.
@Suite struct LabelStoreTests {
    private let folder: TemporaryFolder
    private var store: LabelStore { LabelStore(folder.url.appending(path: "labels")) }
    private let dallas = FeatureID(layer: 20, index: 15589)
    private let texas = FeatureID(layer: 3, index: 7)

    init() throws { folder = try TemporaryFolder() }

    private func file(_ name: String) -> URL { folder.url.appending(path: "labels/\(name)") }
    private func text(_ name: String) throws -> String { try String(contentsOf: file(name), encoding: .utf8) }
    private func put(_ text: String, _ name: String) throws {
        try FileManager.default.createDirectory(at: file("x").deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file(name))
    }
    private func texts(_ scan: String) throws -> [FeatureID: String] { try store.labels(of: scan).mapValues(\.text) }

    @Test func `labels are a set's, and the empty one removes`() throws {
        #expect(try texts("org/set").isEmpty)
        try store.change("org/set", [dallas: FeatureLabel("Texas"), texas: FeatureLabel("\"T\"")])
        try store.change("b", [dallas: FeatureLabel("other", isSuggested: true)])
        try store.change("org/set", [texas: FeatureLabel("")])
        #expect(try store.labels(of: "org/set") == [dallas: FeatureLabel("Texas")])
        #expect(try store.labels(of: "b") == [dallas: FeatureLabel("other", isSuggested: true)] && texts("c").isEmpty)
        #expect(
            try text("labels.json") == """
                {
                  "labels": {
                    "org/set": {
                      "20/15589": "Texas",
                      "3/7": ""
                    }
                  },
                  "suggested": {
                    "b": {
                      "20/15589": "other"
                    }
                  },
                  "version": 1
                }
                """)
        try put("{\"labels\": {\"b\": {\"20/x\": \"\"}}}", "labels.json")
        #expect(sentence { try texts("b") } == "\(file("labels.json").path) has an unknown key, labels.b.20/x.")
    }

    @Test func `what another process writes is seen`() throws {
        let mine = store
        #expect(try mine.labels(of: "s").isEmpty)
        try store.change("s", [dallas: FeatureLabel("one")])
        #expect(try mine.labels(of: "s")[dallas]?.text == "one")
        try mine.change("s", [texas: FeatureLabel("two")])
        #expect(try texts("s") == [dallas: "one", texas: "two"])
    }

    @Test func `a set's own labels give way to the user's, and can be taken away`() throws {
        let mine = store
        mine.ship([dallas: FeatureLabel("shipped"), texas: FeatureLabel("also")], with: "s")
        try mine.change("s", [dallas: FeatureLabel("mine"), texas: FeatureLabel("")])
        #expect(try mine.labels(of: "s").mapValues(\.text) == [dallas: "mine"])
        try mine.change("s", [dallas: FeatureLabel("")])
        #expect(try mine.labels(of: "s").isEmpty)
        #expect(try mine.labels(of: "other").isEmpty)
    }

    @Test func `what a person wrote, also for a set that is shared, stays before what a rule suggests`() throws {
        let mine = store
        mine.ship([dallas: FeatureLabel("shipped"), texas: FeatureLabel("maybe", isSuggested: true)], with: "s")
        try mine.change("s", [dallas: FeatureLabel("a rule's", isSuggested: true), texas: FeatureLabel("newer", isSuggested: true)])
        #expect(try mine.labels(of: "s") == [dallas: FeatureLabel("shipped"), texas: FeatureLabel("newer", isSuggested: true)])
    }

    @Test func `labels that a session brings are shown where the user decided nothing, and never written`() throws {
        let mine = store
        let (other, gone) = (FeatureID(layer: 1, index: 1), FeatureID(layer: 1, index: 2))
        try mine.change("s", [texas: FeatureLabel("mine"), gone: FeatureLabel(""), other: FeatureLabel("same")])
        let written = try text("labels.json")
        let lent = [dallas: FeatureLabel("Dallas"), texas: FeatureLabel("theirs"), gone: FeatureLabel("again"), other: FeatureLabel("same")]
        #expect(try mine.lend(lent, to: "s") == (1, 2))
        #expect(try mine.labels(of: "s").mapValues(\.text) == [dallas: "Dallas", texas: "mine", other: "same"])
        #expect(try mine.labels(of: "b").isEmpty && text("labels.json") == written)
        // They can be taken away, and go with the session.
        try mine.change("s", [dallas: FeatureLabel("")])
        #expect(try mine.labels(of: "s")[dallas] == nil)
        #expect(try mine.lend([:], to: "s") == (0, 0))
        #expect(try store.decided(of: "s").mapValues(\.text) == [texas: "mine", gone: "", other: "same", dallas: ""])
    }

    @Test func `without a folder they are kept in memory`() throws {
        let store = LabelStore(nil)
        try store.change("s", [dallas: FeatureLabel("x"), texas: FeatureLabel("y")])
        try store.change("s", [texas: FeatureLabel("")])
        #expect(try store.labels(of: "s").mapValues(\.text) == [dallas: "x"] && store.notices() == [])
    }

    @Test(arguments: ["[", "{\"labels\": 5}", "{\"labels\": {\"other/set\": {\"20/x\": \"\"}}}", "{\"labels\": {\"org/set\": {\"1/7\": 7}}}"])
    func `damaged labels are not shown, and kept when one is written`(_ labels: String) throws {
        try put(labels, "labels.json")
        let notice = try #require(store.notices().first)
        #expect(notice.contains(file("labels.json").path))
        #expect(notice.hasSuffix(" Labels are not shown. The next time it is written, the damaged file is kept as labels.json.damaged."))
        try store.expectReadable()
        try store.change("org/set", [texas: FeatureLabel("seven")])
        #expect(try text("labels.json.damaged") == labels && texts("org/set") == [texas: "seven"])
        try put("[", "labels.json")
        try store.change("org/set", [texas: FeatureLabel("again")])
        #expect(try text("labels.json.damaged") == labels && text("labels.json.damaged-2") == "[")
        #expect(store.notices().count == 2)
    }

    @Test func `a link in place of the file is neither followed nor written over`() throws {
        try put("{\"labels\": {\"s\": {\"3/7\": \"x\"}}}", "outside.json")
        try FileManager.default.createSymbolicLink(at: file("labels.json"), withDestinationURL: file("outside.json"))
        #expect(
            store.notices() == [file("labels.json").path + " must be a plain file, not a folder, a pipe, a device or a link. Labels are not shown."])
        #expect(throws: CheckpointError.self) { try store.expectReadable() }
        #expect(throws: CheckpointError.self) { try store.change("s", [texas: FeatureLabel("y")]) }
        #expect(try text("outside.json") == "{\"labels\": {\"s\": {\"3/7\": \"x\"}}}")
    }

    @Test func `whoever labels at once loses nothing`() async throws {
        let url = folder.url.appending(path: "labels")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    // Each lock is a descriptor of its own, as another process has it.
                    for number in 0..<5 { try LabelStore(url).change("s", [FeatureID(layer: worker, index: number): FeatureLabel("x")]) }
                }
            }
            try await group.waitForAll()
        }
        #expect(try texts("s").count == 40)
        #expect(try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() == [".circuit-tracer.lock", "labels.json"])
    }
}
