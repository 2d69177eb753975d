/// What happens to a text before anything else: stages, each on what the one before it made.
struct Normalizer: Sendable {
    private enum Stage {
        /// Canonical composition.
        case nfc
        case replace(Replacement)
        /// Put before a text that is not empty.
        case prepend([UInt8])
    }

    private let stages: [Stage]

    init(_ value: JSONValue?) throws(TokenizerError) {
        stages = try value.map(Self.flattened) ?? []
    }

    private static func flattened(_ value: JSONValue) throws(TokenizerError) -> [Stage] {
        let type = try value.required("type")
        switch try type.string() {
        case "Sequence":
            var stages: [Stage] = []
            for element in try value.required("normalizers").elements() { stages += try flattened(element) }
            return stages
        case "NFC": return [.nfc]
        case "Replace":
            let replacement = try Replacement(value)
            // An added token of which nothing is left would be found everywhere.
            guard !replacement.content.isEmpty else { throw .unsupported(key: value.path, value: "removing a text") }
            return [.replace(replacement)]
        case "Prepend": return [.prepend(try value.required("prepend").utf8())]
        case let name: throw .unsupported(key: type.path, value: name)
        }
    }

    /// Whether a text begins where it began, to the reference: not where something else was put there.
    var keepsBeginnings: Bool {
        stages.allSatisfy { if case .nfc = $0 { true } else { false } }
    }

    func apply(to utf8: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var utf8 = utf8
        for stage in stages {
            switch stage {
            case .nfc: utf8 = CanonicalComposition.apply(to: utf8)
            case .replace(let replacement): utf8 = replacement.apply(to: utf8)
            case .prepend(let prefix): if !utf8.isEmpty { utf8 = (prefix + utf8)[...] }
            }
        }
        return utf8
    }
}
