import Checkpoints
import Foundation
import Synchronization
import TestSupport
import Testing
@testable import Downloads

@Suite struct DownloadTests {
    private let weights = content(5000)

    @Test func `a model is laid out as huggingface_hub lays it out`() async throws {
        let files = modelFiles()
        let test = try DownloadCase(["org/model": files])
        let result = try await test.download("org/model")
        let commit = LoopbackHub.commit(of: "org/model")
        let folder = "models--org--model/"
        #expect(result.url.path == test.cache.root.path + "/\(folder)snapshots/\(commit)")
        #expect((result.fetchedFiles, result.fetchedBytes) == (4, 5000 + 2000 + 2 + 8))
        var expected = [folder + "refs/main": commit]
        for (name, blob) in [
            ("config.json", gitHash(files["config.json"]!)), ("tokenizer.json", largeHash(files["tokenizer.json"]!)),
            ("tokenizer_config.json", gitHash(files["tokenizer_config.json"]!)), ("model.safetensors", largeHash(weights)),
        ] {
            expected[folder + "blobs/\(blob)"] = String(decoding: files[name]!, as: UTF8.self)
            expected[folder + "snapshots/\(commit)/\(name)"] = "-> ../../blobs/\(blob)"
        }
        #expect(test.files == expected)
    }

    @Test func `what is here is not fetched again`() async throws {
        let test = try DownloadCase(["org/model": modelFiles()])
        try await test.download("org/model")
        let (before, requests) = (test.files, test.remote.fetched.count)
        let result = try await test.download("org/model")
        #expect((result.fetchedFiles, result.fetchedBytes) == (0, 0))
        #expect(test.remote.fetched.count == requests)
        #expect(test.files == before)
    }

    @Test func `plain files in a snapshot are as good as links`() async throws {
        let files = modelFiles()
        let test = try DownloadCase(["org/model": files])
        let commit = LoopbackHub.commit(of: "org/model")
        let snapshot = test.cache.root.appendingPathComponent("models--org--model/snapshots/\(commit)")
        try FileManager.default.createDirectory(at: snapshot, withIntermediateDirectories: true)
        for (name, bytes) in files where !name.contains("/") { try Data(bytes).write(to: snapshot.appendingPathComponent(name)) }
        #expect(try await test.download("org/model").fetchedFiles == 0)
        #expect(test.remote.fetched == [])
        #expect(!test.files.keys.contains { $0.contains("/blobs/") })
        // One that is not whole is replaced.
        try Data(weights.dropLast()).write(to: snapshot.appendingPathComponent("model.safetensors"))
        #expect(try await test.download("org/model").fetchedFiles == 1)
        #expect(test.files["models--org--model/snapshots/\(commit)/model.safetensors"] == "-> ../../blobs/\(largeHash(weights))")
    }

    @Test func `files in folders, and those of equal content, are linked to their blobs`() async throws {
        let test = try DownloadCase(["org/many": ["a/b/one.bin": weights, "a/two.bin": weights, "a/empty": [], "c": weights]])
        let result = try await test.download("org/many/a")
        let commit = LoopbackHub.commit(of: "org/many")
        #expect(result.url.lastPathComponent == "a")
        #expect(result.fetchedFiles == 2)
        let snapshot = "models--org--many/snapshots/\(commit)/"
        #expect(test.files[snapshot + "a/b/one.bin"] == "-> ../../../../blobs/\(largeHash(weights))")
        #expect(test.files[snapshot + "a/two.bin"] == "-> ../../../blobs/\(largeHash(weights))")
        #expect(test.files[snapshot + "a/empty"] == "-> ../../../blobs/\(gitHash([]))")
        #expect(test.files[snapshot + "c"] == nil)
        #expect(try await test.download("org/many/c").fetchedFiles == 0)
    }

    @Test func `a branch is noted, a commit is not`() async throws {
        let test = try DownloadCase(["org/model": modelFiles(), "gpt2": modelFiles()])
        let commit = LoopbackHub.commit(of: "org/model")
        try await test.download("org/model@\(commit)")
        #expect(!test.files.keys.contains { $0.contains("refs/") })
        try await test.download("org/model@refs/pr/1")
        #expect(test.files["models--org--model/refs/refs/pr/1"] == commit)
        #expect(test.remote.hub.requests.contains { $0.target.contains("/revision/refs%2Fpr%2F1?") })
        #expect(test.remote.fetched.count == 4)
        try await test.download("gpt2")
        #expect(test.files["models--gpt2/refs/main"] == LoopbackHub.commit(of: "gpt2"))
    }

    @Test func `a pipe where a branch is noted is refused and not waited for`() async throws {
        let test = try DownloadCase(["org/model": modelFiles()])
        let refs = test.cache.root.appendingPathComponent("models--org--model/refs")
        try FileManager.default.createDirectory(at: refs, withIntermediateDirectories: true)
        mkfifo(refs.appendingPathComponent("main").path, 0o600)
        #expect(
            await test.error("org/model")
                == "DIR/hub/models--org--model/refs/main must be a plain file, not a folder, a pipe, a device or a link.")
    }

    @Test func `a hub that lists names alone is asked for each file`() async throws {
        let test = try DownloadCase(["org/model": modelFiles()])
        test.remote.change { $0.listsBlobs = false }
        #expect(try await test.download("org/model").fetchedBytes == 7010)
        #expect(test.files.keys.contains { $0.hasSuffix("blobs/" + largeHash(weights)) })
        #expect(try await test.download("org/model").fetchedFiles == 0)
    }

    @Test func `progress counts every byte and file once`() async throws {
        let test = try DownloadCase(["org/model": modelFiles(weights: 300_000)])
        let steps = Mutex<[DownloadProgress]>([])
        try await test.download("org/model") { step in steps.withLock { $0.append(step) } }
        let seen = steps.withLock { $0 }
        #expect(seen.last == DownloadProgress(bytesDone: 302_010, bytesTotal: 302_010, filesDone: 4, filesTotal: 4))
        #expect(seen.map(\.bytesDone) == seen.map(\.bytesDone).sorted())
    }

    @Test func `a plan says what is missing before anything is fetched`() async throws {
        let test = try DownloadCase(["org/model": modelFiles()])
        let plan = try await test.local().plan(for: HubReference(parsing: "org/model"))
        #expect((plan.fileCount, plan.size, plan.missingFileCount, plan.missingByteCount) == (4, 7010, 4, 7010))
        #expect(test.files == [:])
        #expect(test.remote.fetched == [])
    }

    @Test func `several files are under way at once`() async throws {
        let files = Dictionary(uniqueKeysWithValues: (0..<8).map { ("a/\($0).bin", content(2000, UInt64($0))) })
        let test = try DownloadCase(["org/many": files])
        test.remote.change { $0.pause = 10 }
        #expect(try await test.download("org/many/a").fetchedFiles == 8)
        #expect(2...Hub.parallelFiles ~= test.remote.storage.mostAtOnce)
    }

    @Test func `a cancelled download stops before its end and the next goes on`() async throws {
        let test = try DownloadCase(["org/model": modelFiles(weights: 200_000)])
        test.remote.change { $0.pause = 200 }
        let cancel = Mutex<(@Sendable () -> Void)?>(nil)
        let task = Task {
            // At the first step that is far enough, however late other threads are.
            try await test.download("org/model") { step in if step.bytesDone > 10_000 { cancel.withLock { $0?() } } }
        }
        cancel.withLock { $0 = { task.cancel() } }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(throws: CheckpointError.self) { try test.cache.resolve(HubReference(parsing: "org/model")) }
        test.remote.change { $0.pause = nil }
        let result = try await test.download("org/model")
        #expect(result.fetchedBytes < 200_000)
        #expect(test.remote.storage.requests.contains { $0.path.hasSuffix("/model.safetensors") && $0.start ?? 0 > 0 })
    }

    @Test func `another program's lock is waited for, and what it fetches is shown`() async throws {
        let test = try DownloadCase(["org/model": modelFiles()])
        let locks = test.cache.root.appendingPathComponent(".locks/models--org--model")
        try FileManager.default.createDirectory(at: locks, withIntermediateDirectories: true)
        let blobs = test.cache.root.appendingPathComponent("models--org--model/blobs")
        try FileManager.default.createDirectory(at: blobs, withIntermediateDirectories: true)
        let descriptor = open(locks.appendingPathComponent(largeHash(weights) + ".lock").path, O_RDWR | O_CREAT, 0o644)
        defer { close(descriptor) }
        #expect(flock(descriptor, LOCK_EX) == 0)
        let done = Mutex(0)
        let task = Task { try await test.download("org/model") { step in done.withLock { $0 = step.bytesDone } }.fetchedBytes }
        while done.withLock({ $0 }) != 2010 { try await Task.sleep(for: .milliseconds(5)) }
        #expect(!test.remote.fetched.contains("model.safetensors"))
        let partial = test.incomplete(weights, of: "org/model")
        try Data(weights[..<3000]).write(to: partial)
        while done.withLock({ $0 }) != 5010 { try await Task.sleep(for: .milliseconds(5)) }
        // The other one has fetched it meanwhile.
        try FileManager.default.removeItem(at: partial)
        try Data(weights).write(to: blobs.appendingPathComponent(largeHash(weights)))
        flock(descriptor, LOCK_UN)
        #expect(try await task.value == 7010)
        #expect(!test.remote.fetched.contains("model.safetensors"))
    }
}
