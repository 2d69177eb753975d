internal import Checkpoints
internal import Foundation
internal import JSON
internal import Tokenization

/// The tokens that end a generation: those of generation_config.json, of config.json if there is no such file, and the
/// tokenizer's own end. Instruction-tuned models have several.
///
/// As transformers' `generate`, except for the tokenizer's end token, at which the reference's other backend stops.
func endTokens(in folder: URL, _ tokenizer: Tokenizer) throws -> Set<Int> {
    let generation = folder.appending(path: "generation_config.json")
    let ends: [Int]?
    if FileManager.default.fileExists(atPath: generation.path) {
        ends = try JSONFile(url: generation).root.oneOrMoreIntegers("eos_token_id")
    } else {
        let config = try JSONFile("config.json", in: folder).root
        ends =
            try config.oneOrMoreIntegers("eos_token_id")
            ?? config.optionalObject("text_config")?.oneOrMoreIntegers("eos_token_id")
    }
    return Set((ends ?? []) + [tokenizer.specialTokens.end].compactMap(\.self))
}

extension JSONObject {
    /// A number, or a list of them; nil if the key is absent or null.
    fileprivate func oneOrMoreIntegers(_ key: String) throws(CheckpointError) -> [Int]? {
        if case .array = self[key] { return try integers(key) }
        return try optionalInteger(key).map { [$0] }
    }
}
