import Checkpoints
import Foundation
import TestSupport
import Testing
@testable import Downloads

/// What a hub says of its files is checked before it is counted on.
@Suite struct SizeTests {
    private static let commit = String(repeating: "a", count: 40)
    private let test: DownloadCase

    init() throws { test = try DownloadCase(["org/model": modelFiles()]) }

    /// Lets the hub list these sizes, as they stand in JSON.
    private func list(_ sizes: KeyValuePairs<String, String>) {
        let files = sizes.map { #"{"rfilename": "\#($0)", "size": \#($1), "blobId": "\#(gitHash(Array($0.utf8)))"}"# }
        let listing = #"{"sha": "\#(Self.commit)", "siblings": [\#(files.joined(separator: ", "))]}"#
        test.remote.change { $0.instead = [("/api/", 99, ServedAnswer(body: Array(listing.utf8)))] }
    }

    private func refusal(_ problem: String) -> String { "HUB does not answer like a hub: \(problem). Check HF_ENDPOINT." }

    @Test(arguments: ["9223372036854775807", "9223372036854775808", "4611686018427387904", "1125899906842625", "-1", "1e99", "1.5", "\"5\"", "[]"])
    func `a size in a listing that no file has is refused`(_ size: String) async {
        list(["config.json": "2", "tokenizer.json": "2", "model.safetensors": size])
        #expect(await test.error("org/model") == refusal("the size it gives for model.safetensors is impossible"))
    }

    @Test func `sizes whose sum no disk holds are refused at the file that is too much`() async throws {
        let names = (0..<1025).map { "a/\(String($0 + 1000))" }
        let entries = names.map {
            #"{"rfilename": "\#($0)", "size": \#(RemoteFile.sizeLimit), "blobId": "\#(gitHash(Array($0.utf8)))"}"#
        }
        let listing = #"{"sha": "\#(Self.commit)", "siblings": [\#(entries.joined(separator: ", "))]}"#
        test.remote.change { $0.instead = [("/api/", 99, ServedAnswer(body: Array(listing.utf8)))] }
        #expect(await test.error("org/model/a") == refusal("with a/2024, the sizes it gives exceed any disk"))
    }

    @Test(arguments: ["9223372036854775807", "99999999999999999999", "-3", "many"])
    func `a size in a header that no file has is refused`(_ size: String) async {
        let head = ServedAnswer(200, ["X-Linked-Size": size, "ETag": "\"\(gitHash([]))\""])
        test.remote.change {
            $0.listsBlobs = false; $0.instead = [("/resolve/", 99, head)]
        }
        #expect(await test.error("org/model/config.json") == refusal("the size it gives for config.json is impossible"))
    }

    @Test func `a body that is announced longer than the file is refused`() async throws {
        // What rounds to 2^63 as a double traps in Foundation on Linux before we hear of it.
        let answer = ServedAnswer(206, ["Content-Length": "9223372036854774784", "Content-Range": "bytes 3000-"])
        test.remote.change { $0.instead = [("/stored/org/model/model.safetensors", 9, answer)] }
        let file = test.incomplete(content(5000), of: "org/model")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(content(5000)[..<3000]).write(to: file)
        #expect(
            await test.error("org/model")
                == "org/model/model.safetensors has 5000 bytes, but 9223372036854775807 arrived. What arrived was deleted. Try again.")
    }

    @Test func `a file of settings that is too long to be one is not fetched`() async {
        list(["config.yaml": "104857601"])
        #expect(
            await test.error("org/model")
                == refusal("it gives config.yaml a size of 104.9 MB; a settings file may have at most 104.9 MB"))
        #expect(test.remote.fetched == [])
    }

    @Test(arguments: ["main", "../a", "0123", String(repeating: "A", count: 40)])
    func `a content whose name is not a hash is refused, wherever the name comes from`(_ name: String) async {
        let head = ServedAnswer(200, ["ETag": "\"\(name)\""], body: Array("{}".utf8))
        test.remote.change {
            $0.listsBlobs = false; $0.instead = [("/resolve/", 99, head)]
        }
        let sentence = refusal("\"\(name)\", its name for config.json, is not a hash, so the download could not be checked")
        #expect(await test.error("org/model/config.json")?.replacingOccurrences(of: "\\\"", with: "") == sentence)
        let listing = #"{"sha": "\#(Self.commit)", "siblings": [{"rfilename": "config.json", "size": 2, "blobId": "\#(name)"}]}"#
        test.remote.change { $0.instead = [("/api/", 99, ServedAnswer(body: Array(listing.utf8)))] }
        #expect(await test.error("org/model/config.json") == sentence)
        #expect(test.files == [:])
    }

    @Test func `a content without a name is refused`() async {
        test.remote.change {
            $0.listsBlobs = false; $0.instead = [("/resolve/", 99, ServedAnswer(body: Array("{}".utf8)))]
        }
        #expect(await test.error("org/model/config.json") == refusal("it gives no hash of config.json, so the download could not be checked"))
    }
}
