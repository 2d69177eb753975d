import Checkpoints
import Foundation
import TestSupport
@testable import Downloads

/// A hub on loopback, an empty cache, and our side between them.
final class DownloadCase: Sendable {
    let remote: LoopbackHub
    let folder: TemporaryFolder
    let cache: HubCache

    static let token = "hf_thisIsTheSecret"

    init(_ repositories: [String: [String: [UInt8]]]) throws {
        remote = try LoopbackHub(repositories)
        folder = try TemporaryFolder()
        cache = HubCache(environment: ["HF_HUB_CACHE": folder["hub"].path])
    }

    /// - Parameter variables: beside the endpoint; a token is sent unless they hold another.
    func local(_ variables: [String: String] = [:]) -> Hub {
        let usual = ["HF_ENDPOINT": remote.hub.address + "/", "HF_HOME": folder.url.path, "HF_TOKEN": Self.token]
        var hub = Hub(cache: cache, settings: HubSettings(environment: usual.merging(variables) { $1 }))
        let patience = Patience(attempts: 3, firstPause: .milliseconds(1))
        hub.patience = (patience, patience)
        return hub
    }

    @discardableResult
    func download(
        _ reference: String, _ variables: [String: String] = [:], includingModel: Bool = true,
        progress: DownloadProgressHandler? = nil
    ) async throws -> DownloadResult {
        let hub = local(variables)
        let plan = try await hub.plan(for: HubReference(parsing: reference), includingModel: includingModel)
        return try await hub.fetch(plan, progress: progress)
    }

    /// The sentence of what goes wrong, with this case's places left out; `nil` when nothing does.
    func error(_ reference: String, _ variables: [String: String] = [:], includingModel: Bool = true) async -> String? {
        do {
            try await download(reference, variables, includingModel: includingModel)
            return nil
        } catch {
            return "\(error)".replacingOccurrences(of: folder.url.path, with: "DIR")
                .replacingOccurrences(of: remote.hub.address, with: "http://HUB")
                .replacingOccurrences(of: "127.0.0.1:\(remote.hub.port)", with: "HUB")
                .replacingOccurrences(of: "127.0.0.1:\(remote.storage.port)", with: "STORAGE")
        }
    }

    /// What lies in the cache, as paths in it; links with what they say. Locks are left out.
    var files: [String: String] {
        let hub = cache.root.path
        let paths = FileManager.default.subpaths(atPath: hub) ?? []
        return Dictionary(
            uniqueKeysWithValues: paths.compactMap { path -> (String, String)? in
                if path.hasPrefix(".locks") { return nil }
                if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: hub + "/" + path) {
                    return (path, "-> " + target)
                }
                guard let data = FileManager.default.contents(atPath: hub + "/" + path) else { return nil }
                return (path, String(decoding: data, as: UTF8.self))
            })
    }

    /// The place in the cache of what is arriving.
    func incomplete(_ content: [UInt8], of repository: String) -> URL {
        cache.root.appendingPathComponent("models--" + repository.replacingOccurrences(of: "/", with: "--"))
            .appendingPathComponent("blobs/\(largeHash(content)).incomplete")
    }
}

/// Bytes that are unlike any others.
func content(_ count: Int, _ seed: UInt64 = 1) -> [UInt8] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15
    return (0..<count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 33)
    }
}

/// The files of a model with weights of so many bytes.
func modelFiles(weights: Int = 5000) -> [String: [UInt8]] {
    [
        "config.json": Array("{}".utf8), "tokenizer.json": content(2000, 2), "tokenizer_config.json": Array("{\"a\": 1}".utf8),
        "model.safetensors": content(weights), "README.md": Array("# a".utf8), "pytorch_model.bin": content(3000, 3),
        "original/consolidated.safetensors": content(3000, 4),
    ]
}
