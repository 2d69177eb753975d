public import Checkpoints
internal import Foundation
public import Graphs
public import Tensors
public import Testing

/// What the reference computed for one transcoder set and prompt, with the settings it was computed under.
public struct GoldenCase: Sendable, CustomTestStringConvertible {
    public static let all: [GoldenCase] = [
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
    public static let gpt2 = (0..<3).map { GoldenCase("tiny--gpt2", prompt: $0) }

    /// The language model inside a multimodal checkpoint: transformers' logits.
    public static let multimodal = GoldenCase("tiny--gemma3-multimodal", prompt: 0)

    /// Experts in MXFP4, and rotary positions by YaRN: transformers' logits.
    public static let mxfp4 = GoldenCase("tiny--gpt-oss-mxfp4", prompt: 0)
    public static let yarn = GoldenCase("tiny--qwen3-yarn", prompt: 0)

    public let name: String
    public let prompt: Int
    private let folder: URL

    init(_ name: String, prompt: Int) {
        self.name = name
        self.prompt = prompt
        folder = Fixtures.folder.appending(path: "golden/\(name)/prompt\(prompt)")
    }

    public var testDescription: String { "\(name), prompt \(prompt)" }

    /// The set as a hub reference.
    public var reference: String { name.replacingOccurrences(of: "--", with: "/") }

    public func facts() throws -> Facts { try decode() }

    /// What every case has.
    public func runFacts() throws -> RunFacts { try decode() }

    private func decode<Result: Decodable>() throws -> Result {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Result.self, from: Data(contentsOf: folder.appending(path: "case.json")))
    }

    public func tensors() throws -> TensorArchive {
        try TensorArchive(npz: folder.appending(path: "tensors.npz"))
    }

    public struct RunFacts: Decodable, Sendable {
        /// As a hub reference; where it is missing, the set says it.
        public let model: String?
        public let transcoderSet: String?
        public let inputTokens: [Int]
        public let interventions: [InterventionCase]?
    }

    public struct Facts: Decodable, Sendable {
        public let prompt: String
        public let inputTokens: [Int]
        public let tokenStrings: [String]
        public let inputString: String
        public let settings: Settings
        public let halfSettings: Settings
        public let replacementScore: Float
        public let completenessScore: Float
        public let targets: [Int]
        public let interventions: [InterventionCase]
        public let generation: GenerationCase
    }

    public struct Settings: Decodable, Sendable {
        public let maxNLogits: Int
        public let desiredLogitProb: Float
        public let batchSize: Int?
        public let maxFeatureNodes: Int?
        public let updateInterval: Int?
    }

    public struct InterventionCase: Decodable, Sendable {
        /// layer, position, feature, value.
        public let features: [[Float]]
        public let freezeAttention: Bool
        public let constrained: [Int]?
    }

    public struct GenerationCase: Decodable, Sendable {
        public let intervention: [Field]
        public let maxNewTokens: Int
        public let text: String

        /// A number or a text: layer, "first:", feature, value.
        public enum Field: Decodable, Sendable {
            case number(Float)
            case text(String)

            public init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let number = try? container.decode(Float.self) {
                    self = .number(number)
                } else {
                    self = .text(try container.decode(String.self))
                }
            }

            public var number: Float {
                if case .number(let number) = self { number } else { .nan }
            }
        }

        /// The first position of the open-ended intervention, written `K:`.
        public var firstPosition: Int {
            if case .text(let text) = intervention[1] { Int(text.dropLast())! } else { -1 }
        }
    }
}

extension TensorArchive {
    /// A float tensor of two dimensions.
    public func matrix(_ name: String) throws -> Matrix {
        let tensor = try tensor(name)
        return Matrix(rows: tensor.shape[0], columns: tensor.shape[1], elements: try tensor.floats())
    }

    public func floats(_ name: String) throws -> [Float] { try tensor(name).floats() }

    public func integers(_ name: String) throws -> [Int] { try tensor(name).integers() }

    public func booleans(_ name: String) throws -> [Bool] { try tensor(name).booleans() }

    /// A tensor `[n, 3]` of layer, position, feature.
    public func sites(_ name: String) throws -> [FeatureSite] {
        try #require([FeatureSite](numbers: integers(name)))
    }
}
