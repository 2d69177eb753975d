/// How token texts become bytes.
enum TokenDecoder: Sendable {
    /// Each letter is a byte (`ByteAlphabet`).
    case byteLevel

    init(_ value: JSONValue?) throws(TokenizerError) {
        guard let value else { throw .unsupported(key: "decoder", value: "joining tokens with spaces (null)") }
        let type = try value.required("type")
        switch try type.string() {
        case "ByteLevel": self = .byteLevel
        case "Sequence":
            let stages = try value.required("decoders").elements()
            guard stages.count == 1 else {
                throw .unsupported(key: value.path, value: "a sequence of \(stages.count) decoders")
            }
            self = try TokenDecoder(stages[0])
        case let name: throw .unsupported(key: type.path, value: name)
        }
    }

    /// Appends what `token`, in UTF-8 as the vocabulary has it, stands for.
    func append(_ token: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
        switch self {
        case .byteLevel: ByteAlphabet.append(bytesOf: token, to: &bytes)
        }
    }
}
