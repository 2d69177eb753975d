import Graphs
import Replacement
import TestSupport
import Testing

@testable import Workbench

/// What a session has computed it does not compute again: multiplications in products with weights are counted.
@Suite struct TakenOverTests {
    private func session() async throws -> Session {
        let session = Session(environment: .test(cache: nil))
        _ = try await session.load(model: nil, transcoders: "tiny/llama3-plt-skip")
        return session
    }

    private func prompt(_ tokens: [Int], _ session: Session) async throws -> (multiplications: Int, report: PromptReport) {
        let (multiplications, report) = try await CountedProducts.counting { try await session.setPrompt(of: tokens.map { .id($0) }) }
        return (multiplications, report)
    }

    @Test func `of a prompt that begins as one before, only the other tokens are run and encoded`() async throws {
        let session = try await session()
        let first = [1, 53, 73, 70, 266, 66, 81, 281]
        let whole = try await prompt(first, session).multiplications
        // The logits of the next token, and nothing else.
        let logits = try await prompt(first, session).multiplications
        let each = (whole - logits) / first.count
        #expect(logits > 0 && (whole - logits) % first.count == 0)

        #expect(try await prompt([1, 9], session).multiplications == each + logits)
        // The one before the last shares the most.
        let other = Array(first[..<6]) + [99, 7, 8]
        let continued = try await prompt(other, session)
        #expect(continued.multiplications == 3 * each + logits)
        #expect(!continued.report.fromStore)
        #expect(try await prompt(Array(first[..<3]), session).multiplications == logits, "the beginning of another")
        #expect(try await prompt([2, 53], session).multiplications == 2 * each + logits, "nothing is shared")

        let fresh = try await prompt(other, self.session()).report
        #expect(continued.report.tokens == fresh.tokens)
        #expect(continued.report.top.map(\.token) == fresh.top.map(\.token))
        #expect(difference(continued.report.top.map(\.logit), fresh.top.map(\.logit)) == nil)

        // Another set reads other features: nothing is taken over.
        _ = try await session.load(model: nil, transcoders: "tiny/llama3-clt")
        let another = try await self.session()
        _ = try await another.load(model: nil, transcoders: "tiny/llama3-clt")
        #expect(try await prompt(other, session).multiplications == prompt(other, another).multiplications)
    }

    @Test func `a run is made once, and its features are read once`() async throws {
        let session = try await session()
        let tokens = [1, 53, 73, 70, 266, 66, 81, 281]
        _ = try await prompt(tokens, session)
        let logits = try await prompt(tokens, session).multiplications
        let selector = FeatureSelector(feature: FeatureID(layer: 1, index: 3), positions: .at(4))
        _ = try await session.intervene([InterventionRequest(selector, .set(3))])
        let run = try await CountedProducts.counting { try await session.run(RunOptions(), count: 3) }.multiplications
        let repeated = try await CountedProducts.counting { try await session.run(RunOptions(), count: 3) }.multiplications
        #expect(run > logits && repeated == logits)
        let diff = try await CountedProducts.counting { try await session.diff(3) }.multiplications
        let again = try await CountedProducts.counting { try await session.diff(3) }.multiplications
        #expect(diff > 0 && again == 0, "features are read once")
        // The first token of each side is chosen from the prompt's runs, of which the plain one's logits are known.
        var options = GenerationOptions()
        options.newTokens = 1
        let generated = try await CountedProducts.counting { [options] in try await session.generate(options) }.multiplications
        #expect(generated == logits)
    }
}
