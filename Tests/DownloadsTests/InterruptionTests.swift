import Checkpoints
import Foundation
import TestSupport
import Testing
@testable import Downloads

@Suite struct InterruptionTests {
    private let weights = content(5000)
    private let test: DownloadCase

    init() throws { test = try DownloadCase(["org/model": modelFiles()]) }

    /// The first bytes that were asked of the weights at the second host.
    private var storageStarts: [Int?] {
        test.remote.storage.requests.filter { $0.path.hasSuffix("model.safetensors") }.map(\.start)
    }

    private func leave(_ bytes: some Sequence<UInt8>) throws {
        let file = test.incomplete(weights, of: "org/model")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }

    @Test func `a connection that is cut is taken up where it broke`() async throws {
        test.remote.change {
            $0.repositories["org/model"]!["tokenizer.json"] = [1]
            $0.cuts = (after: 1700, times: 2)
        }
        try await test.download("org/model")
        #expect(storageStarts == [nil, 1700, 3400])
    }

    @Test func `what an earlier download left is not fetched again`() async throws {
        try leave(weights[..<3000])
        let result = try await test.download("org/model")
        #expect(storageStarts == [3000])
        #expect(result.fetchedBytes == 4010)
        #expect(test.files.keys.allSatisfy { !$0.hasSuffix(".incomplete") })
    }

    @Test func `a host that knows no ranges sends all of it again`() async throws {
        test.remote.change { $0.knowsRanges = false }
        try leave(weights[..<3000])
        #expect(try await test.download("org/model").url.lastPathComponent == LoopbackHub.commit(of: "org/model"))
        #expect(storageStarts == [3000])
    }

    @Test func `a host that knows no ranges and always breaks off is given up`() async throws {
        test.remote.change {
            $0.repositories["org/model"]!["tokenizer.json"] = [1]
            $0.knowsRanges = false
            $0.cuts = (after: 1700, times: 99)
        }
        #expect(
            await test.error("org/model")
                == "The connection to STORAGE was lost repeatedly. What arrived is kept; try again to continue from there.")
        #expect(storageStarts == [nil, 1700, 1700])
    }

    @Test func `a file of which all is here but the name needs no request`() async throws {
        try leave(weights)
        try await test.download("org/model")
        #expect(storageStarts == [])
    }

    @Test func `a beginning longer than the whole is thrown away`() async throws {
        try leave(weights + [1])
        try await test.download("org/model")
        #expect(storageStarts == [nil])
    }

    @Test func `a host without the rest is asked for the whole`() async throws {
        try leave(weights[..<3000])
        test.remote.change { $0.instead = [("/stored/org/model/model.safetensors", 1, ServedAnswer(416))] }
        try await test.download("org/model")
        #expect(storageStarts == [3000, nil])
    }

    @Test func `a beginning of something else is noticed, deleted, and the next download is whole`() async throws {
        try leave([UInt8](repeating: 7, count: 3000))
        let error = await test.error("org/model")
        #expect(error?.hasPrefix("org/model/model.safetensors arrived damaged: its hash is ") == true)
        #expect(error?.hasSuffix("What arrived was deleted. Try again.") == true)
        #expect(!FileManager.default.fileExists(atPath: test.incomplete(weights, of: "org/model").path))
        #expect(await test.error("org/model") == nil)
    }

    @Test func `a wrong hash is an error and leaves nothing that looks right`() async throws {
        test.remote.change { $0.damage = { [$0[0] ^ 1] + $0.dropFirst() } }
        let found = largeHash([weights[0] ^ 1] + weights.dropFirst())
        test.remote.change { $0.repositories["org/model"]!["tokenizer.json"] = [1] }
        #expect(
            await test.error("org/model")
                == "org/model/model.safetensors arrived damaged: its hash is \(found), not \(largeHash(weights))."
                + " What arrived was deleted. Try again.")
        #expect(test.files.keys.allSatisfy { !$0.contains(largeHash(weights)) && !$0.contains("snapshots") })
    }

    @Test func `a wrong hash of a small file is noticed too`() async throws {
        test.remote.change { $0.instead = [("/config.json", 9, ServedAnswer(body: Array("[]".utf8)))] }
        #expect(await test.error("org/model")?.hasPrefix("org/model/config.json arrived damaged") == true)
    }

    @Test(arguments: [-1, 1]) func `a wrong size is an error before anything is fetched`(_ change: Int) async throws {
        test.remote.change {
            $0.repositories["org/model"]!["tokenizer.json"] = [1]
            $0.damage = { change < 0 ? Array($0.dropLast()) : $0 + [1] }
        }
        #expect(
            await test.error("org/model")
                == "org/model/model.safetensors has 5000 bytes, but \(5000 + change) arrived. What arrived was deleted. Try again.")
    }

    @Test func `another commit than was asked for is an error`() async throws {
        let answer = ServedAnswer(200, ["X-Repo-Commit": String(repeating: "f", count: 40)], body: Array("{}".utf8))
        test.remote.change { $0.instead = [("/config.json", 9, answer)] }
        let commits = (asked: LoopbackHub.commit(of: "org/model"), found: String(repeating: "f", count: 40))
        #expect(
            await test.error("org/model")
                == "org/model/config.json was requested at commit \(commits.asked) but came from \(commits.found). Try again.")
    }

    @Test(arguments: [500, 503, 429]) func `trouble that passes is waited for`(_ status: Int) async throws {
        test.remote.change { $0.instead = [("model.safetensors", 2, ServedAnswer(status)), ("/api/", 2, ServedAnswer(status))] }
        #expect(await test.error("org/model") == nil)
    }

    @Test func `trouble that does not pass is told`() async throws {
        test.remote.change { $0.instead = [("/api/", 99, ServedAnswer(503))] }
        #expect(await test.error("org/model") == "HUB failed with status 503. Try again later.")
        test.remote.change { $0.instead = [("/api/", 99, ServedAnswer(429, ["Retry-After": "900"]))] }
        #expect(await test.error("org/model") == "HUB received too many requests (status 429). Try again in 900 s.")
        test.remote.change {
            $0.instead = []; $0.cuts = (after: 0, times: 99)
        }
        #expect(
            await test.error("org/model")
                == "The connection to STORAGE was lost repeatedly. What arrived is kept; try again to continue from there.")
    }

    @Test func `a hub that is not there is told`() async throws {
        #expect(
            await test.error("org/model", ["HF_ENDPOINT": "http://127.0.0.1:1"])
                == "127.0.0.1:1 cannot be reached. Check the network, the proxy and HF_ENDPOINT.")
    }

    @Test func `a full disk is told before it is full`() async throws {
        let plan = try await test.local().plan(for: HubReference(parsing: "org/model"))
        // Larger than any disk.
        let size = 1 << 60
        let file = DownloadPlan.File(
            remote: RemoteFile(path: "x", size: size, blob: Blob(name: largeHash([]))!), bytesHere: 0, isHere: false)
        let part = DownloadPlan.Part(reference: plan.reference, commit: plan.parts[0].commit, files: [file])
        let error = await #expect(throws: DownloadError.self) {
            try await test.local().fetch(DownloadPlan(reference: plan.reference, parts: [part]))
        }
        #expect(error?.description.hasPrefix("The download needs 1152921.5 TB, but \(test.cache.root.path) has room for only ") == true)
    }

    @Test func `a cache that cannot be written is told`() async throws {
        try Data().write(to: test.cache.root)
        #expect(
            await test.error("org/model")
                == "Cannot write DIR/hub/models--org--model: Not a directory. Try again, or set HF_HUB_CACHE to another folder.")
    }
}
