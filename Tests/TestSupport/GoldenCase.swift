package import Checkpoints
internal import Foundation
package import Graphs
package import Tensors
internal import Testing

/// What the reference computed for one transcoder set and prompt, with the settings it was computed under.
package struct GoldenCase: Sendable, CustomTestStringConvertible {
    package static let all: [GoldenCase] =
        [
            "tiny--llama3-plt-skip", "tiny--llama3-clt", "tiny--qwen3-plt", "tiny--gemma-scope-transcoders", "tiny--gemma2-clt",
            "tiny--gemma-scope-2-transcoders",
        ].flatMap { name in (0..<3).map { GoldenCase(name, prompt: $0) } } + storedTypes + [GoldenCase("tiny--llama3-plt-topk", prompt: 0)]

    /// Checkpoints in half precision; the reference computed in 32-bit floats from the same numbers.
    private static let storedTypes = [
        "tiny-bf16--llama3-plt-skip", "tiny-bf16--qwen3-plt", "tiny-bf16--gemma-scope-transcoders", "tiny-bf16--gemma2-clt",
        "tiny-bf16--gemma-scope-2-transcoders", "tiny-f16--qwen3-plt", "tiny-f16--gemma-scope-2-transcoders",
        "tiny--gpt-oss-clt",
    ].map { GoldenCase($0, prompt: 0) }

    /// GPT-2, which the reference does not run: transformers' own logits, and edges from autograd on its frozen model.
    package static let gpt2 = (0..<3).map { GoldenCase("tiny--gpt2", prompt: $0) }

    /// The language model inside a multimodal checkpoint: transformers' logits.
    package static let multimodal = GoldenCase("tiny--gemma3-multimodal", prompt: 0)

    /// Experts in MXFP4, and rotary positions by YaRN: transformers' logits.
    package static let mxfp4 = GoldenCase("tiny--gpt-oss-mxfp4", prompt: 0)
    package static let yarn = GoldenCase("tiny--qwen3-yarn", prompt: 0)

    package let name: String
    package let prompt: Int
    private let folder: URL

    init(_ name: String, prompt: Int) {
        self.name = name
        self.prompt = prompt
        folder = Fixtures.folder.appending(path: "golden/\(name)/prompt\(prompt)")
    }

    package var testDescription: String { "\(name), prompt \(prompt)" }

    /// The set as a hub reference.
    package var reference: String { name.replacingOccurrences(of: "--", with: "/") }

    package func facts() throws -> Facts { try decode() }

    /// What every case has.
    package func runFacts() throws -> RunFacts { try decode() }

    private func decode<Result: Decodable>() throws -> Result {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Result.self, from: Data(contentsOf: folder.appending(path: "case.json")))
    }

    package func tensors() throws -> TensorArchive {
        try TensorArchive(npz: folder.appending(path: "tensors.npz"))
    }

    package struct RunFacts: Decodable, Sendable {
        /// As a hub reference; where it is missing, the set says it.
        package let model: String?
        package let transcoderSet: String?
        package let inputTokens: [Int]
        package let interventions: [InterventionCase]?
    }

    package struct Facts: Decodable, Sendable {
        package let prompt: String
        package let inputTokens: [Int]
        package let tokenStrings: [String]
        package let inputString: String
        package let settings: Settings
        package let halfSettings: Settings
        package let replacementScore: Float
        package let completenessScore: Float
        package let targets: [Int]
        package let interventions: [InterventionCase]
        package let generation: GenerationCase
    }

    package struct Settings: Decodable, Sendable {
        package let maxNLogits: Int
        package let desiredLogitProb: Float
        package let batchSize: Int?
        package let maxFeatureNodes: Int?
        package let updateInterval: Int?
    }

    package struct InterventionCase: Decodable, Sendable {
        /// layer, position, feature, value.
        package let features: [[Float]]
        package let freezeAttention: Bool
        package let constrained: [Int]?
    }

    package struct GenerationCase: Decodable, Sendable {
        package let intervention: [Field]
        package let maxNewTokens: Int
        package let text: String

        /// A number or a text: layer, "first:", feature, value.
        package enum Field: Decodable, Sendable {
            case number(Float)
            case text(String)

            package init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let number = try? container.decode(Float.self) {
                    self = .number(number)
                } else {
                    self = .text(try container.decode(String.self))
                }
            }

            package var number: Float {
                if case .number(let number) = self { number } else { .nan }
            }
        }

        /// The first position of the open-ended intervention, written `K:`.
        package var firstPosition: Int {
            if case .text(let text) = intervention[1] { Int(text.dropLast())! } else { -1 }
        }
    }
}

extension TensorArchive {
    /// A float tensor of two dimensions.
    package func matrix(_ name: String) throws -> Matrix {
        let tensor = try tensor(name)
        return Matrix(rows: tensor.shape[0], columns: tensor.shape[1], elements: try tensor.floats())
    }

    package func floats(_ name: String) throws -> [Float] { try tensor(name).floats() }

    package func integers(_ name: String) throws -> [Int] { try tensor(name).integers() }

    package func booleans(_ name: String) throws -> [Bool] { try tensor(name).booleans() }

    /// A tensor `[n, 3]` of layer, position, feature.
    package func sites(_ name: String) throws -> [FeatureSite] {
        try #require([FeatureSite](numbers: integers(name)))
    }
}
