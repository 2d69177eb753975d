import Foundation
import TestSupport
import Workbench

extension SessionEnvironment {
    /// The fixtures' hub and the bundled model, and no store on disk but the one given.
    static func test(cache: URL?) -> SessionEnvironment {
        SessionEnvironment(
            hub: Fixtures.hub, bundled: Fixtures.root.appending(path: "examples/atlas"), cache: cache, home: "/nowhere")
    }

    /// With a copy of the bundled model whose own corpus is short, so that its index is soon made.
    ///
    /// - Parameter folder: where the copy is.
    static func test(corpus: String, in folder: TemporaryFolder) throws -> SessionEnvironment {
        var environment = test(cache: nil)
        let bundled = try folder.write(corpus, to: "atlas/corpus.txt").deletingLastPathComponent()
        for part in ["model", "plt"] {
            try FileManager.default.copyItem(at: environment.bundled!.appending(path: part).resolvingSymlinksInPath(), to: bundled.appending(path: part))
        }
        environment.bundled = bundled
        return environment
    }
}

extension Session {
    /// The bundled model with its per-layer set.
    ///
    /// - Parameter attributed: whether the prompt's graph is computed.
    static func atlas(
        prompt: String? = AtlasPrompt.dallas, attributed: Bool = false, environment: SessionEnvironment = .test(cache: nil)
    ) async throws -> Session {
        let session = Session(environment: environment)
        _ = try await session.load(model: nil, transcoders: "atlas/plt")
        if let prompt { _ = try await session.setPrompt(prompt) }
        if attributed { _ = try await session.attribute() }
        return session
    }
}

/// Prompts of the bundled model that many suites use.
enum AtlasPrompt {
    static let dallas = "Fact: the capital of the state containing Dallas is"
    static let oakland = "Fact: the capital of the state containing Oakland is"

    /// Lines about cities of Louisiana and Texas: 0/1292 is active in most of them.
    static let corpus = ["Ruston", "Houma", "Slidell", "Monroe", "Lafayette", "Dallas", "Houston", "Austin"].map { city in
        "Fact: the capital of the state containing \(city) is\nThe city of \(city) is in\nWe live in \(city), Louisiana"
    }.joined(separator: "\n")
}
