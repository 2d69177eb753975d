/// What a tokenizer class of transformers adds to its files.
struct TokenizerClass: Sendable {
    /// Without "Fast", which no longer means anything.
    let name: String
    /// The special tokens of keys that its files do not mention.
    var defaults: [String: String] = [:]
    /// Whether the padding token of tokenizer.json is its `pad_token` if nothing else gives it one.
    var padsAsFile = true
    /// `add_prefix_space` if tokenizer_config.json does not mention it; nil to keep the file's flag.
    var addsPrefixSpace: Bool? = false
    /// Special tokens are added again without flags: in 4.57 those that files name by their text alone, in 5 all.
    var resetsFlags = false
    /// The types of its own normalizers and pre-tokenizers, by which transformers 5 replaces tokenizer.json's; nil if it
    /// keeps those.
    var stagesIn5: [String]?
    /// Whether it is one of the known classes.
    var isKnown = true
}

extension TokenizerClass {
    private static func endOfText(_ name: String, stagesIn5: [String]? = nil) -> TokenizerClass {
        let token = "<|endoftext|>"
        return TokenizerClass(
            name: name, defaults: ["unk_token": token, "bos_token": token, "eos_token": token], stagesIn5: stagesIn5)
    }

    /// Its initialiser handles `pad_token` itself, so the file's is never used.
    private static var gptNeoX: TokenizerClass {
        var own = endOfText("GPTNeoXTokenizer")
        own.padsAsFile = false
        return own
    }

    static let general = TokenizerClass(name: "PreTrainedTokenizer")

    /// The classes of decoder-only models, as transformers 4.57.3 defines them.
    private static let known = [
        general, endOfText("GPT2Tokenizer", stagesIn5: ["ByteLevel"]), gptNeoX, endOfText("CodeGenTokenizer"),
        TokenizerClass(
            name: "LlamaTokenizer", defaults: ["unk_token": "<unk>", "bos_token": "<s>", "eos_token": "</s>"],
            addsPrefixSpace: nil, stagesIn5: ["Metaspace"]),
        TokenizerClass(
            name: "GemmaTokenizer",
            defaults: ["unk_token": "<unk>", "bos_token": "<bos>", "eos_token": "<eos>", "pad_token": "<pad>"],
            stagesIn5: ["Replace", "Split"]),
        TokenizerClass(
            name: "Qwen2Tokenizer",
            defaults: ["unk_token": "<|endoftext|>", "eos_token": "<|endoftext|>", "pad_token": "<|endoftext|>"],
            resetsFlags: true, stagesIn5: ["NFC", "Split", "ByteLevel"]),
        TokenizerClass(
            name: "CohereTokenizer",
            defaults: ["unk_token": "<UNK>", "bos_token": "<BOS_TOKEN>", "eos_token": "<|END_OF_TURN_TOKEN|>"]),
        TokenizerClass(
            name: "BloomTokenizer",
            defaults: ["unk_token": "<unk>", "bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>"]),
        // Of transformers 5, which leaves the file's flag alone.
        TokenizerClass(name: "TokenizersBackend", addsPrefixSpace: nil),
    ]

    /// The class of a model's tokenizer if no file names it.
    private static let ofModelTypes = [
        "gpt2": "GPT2Tokenizer", "llama": "LlamaTokenizer", "qwen3": "Qwen2Tokenizer", "gemma2": "GemmaTokenizer",
        "gemma3": "GemmaTokenizer", "gemma3_text": "GemmaTokenizer", "gpt_oss": "PreTrainedTokenizer",
    ]

    /// The class that tokenizer_config.json names, else the model's config.json, else the one for its `model_type`.
    init(config: FileValue?, model: FileValue?) throws(TokenizerError) {
        let named = try config?.member("tokenizer_class")?.string()
        let modelsOwn = try model?.member("tokenizer_class")?.string()
        let type = try model?.member("model_type")?.string()
        guard let name = named ?? modelsOwn ?? type.flatMap({ Self.ofModelTypes[$0] }) else {
            // A tokenizer.json on its own is read as by `tokenizers`.
            self = config == nil ? TokenizerClass(name: Self.general.name, addsPrefixSpace: nil) : .general
            return
        }
        let base = name.hasSuffix("Fast") ? String(name.dropLast(4)) : name
        self = Self.known.first { $0.name == base } ?? TokenizerClass(name: name, isKnown: false)
    }
}
