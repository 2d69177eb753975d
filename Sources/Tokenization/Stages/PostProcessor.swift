/// The stage that adds special tokens to a finished encoding. `Tokenizer.encode` adds none, so this only checks that the
/// stage would do nothing else.
enum PostProcessor {
    static func check(_ value: FileValue?) throws(TokenizerError) {
        guard let value else { return }
        let type = try value.required("type")
        switch try type.string() {
        // The last two also move offsets, which are not used here.
        case "TemplateProcessing", "BertProcessing", "RobertaProcessing", "ByteLevel": break
        case "Sequence": for stage in try value.required("processors").elements() { try check(stage) }
        case let name: throw .unsupported(key: type.path, value: name)
        }
    }
}
