/// The first step for a text: stages, each applied to the result of the one before.
struct Normalizer: Sendable {
    private enum Stage {
        /// Canonical composition.
        case nfc
        case replace(ReplaceStage)
        case substitute(Substitution)
        /// A text put before a text that is not empty.
        case prepend([UInt8])
        case lowercase
        /// Removes white space at both ends, or at one.
        case strip(left: Bool, right: Bool)

        /// How many times longer a text can become, apart from what is put before it.
        var growth: Int {
            switch self {
            case .nfc, .prepend, .lowercase, .strip: 1
            case .replace(let replacement): replacement.growth
            case .substitute(let substitution): substitution.growth
            }
        }
    }

    private let stages: [Stage]

    init(_ value: FileValue?) throws(TokenizerError) {
        stages = try value.map(Self.flattened) ?? []
        if let value { try StageLimit.check(stages.map(\.growth), key: value.path) }
    }

    private static func flattened(_ value: FileValue) throws(TokenizerError) -> [Stage] {
        let type = try value.required("type")
        switch try type.string() {
        case "Sequence":
            var stages: [Stage] = []
            for element in try value.required("normalizers").elements() {
                stages += try flattened(element)
                try StageLimit.check(stages.map(\.growth), key: value.path)
            }
            return stages
        case "NFC": return [.nfc]
        case "Replace":
            let expression = try value.required("pattern").member("Regex")
            let stage: Stage =
                if let expression { .substitute(try Substitution(expression, in: value)) } else { .replace(try ReplaceStage(value)) }
            // An added token reduced to nothing would match everywhere.
            guard !(try value.required("content").utf8()).isEmpty else {
                throw .unsupported(key: value.path, value: "removing a text")
            }
            return [stage]
        case "Prepend": return [.prepend(try value.required("prepend").utf8())]
        case "Lowercase": return [.lowercase]
        case "Strip":
            return [.strip(left: try value.flag("strip_left", default: true), right: try value.flag("strip_right", default: true))]
        case let name: throw .unsupported(key: type.path, value: name)
        }
    }

    /// Whether a text still begins where it did, for the reference: not if something was put before it.
    var keepsBeginnings: Bool {
        stages.allSatisfy {
            switch $0 {
            case .nfc, .lowercase: true
            case .replace, .substitute, .prepend, .strip: false
            }
        }
    }

    /// - Throws: `.endlessPattern`.
    func apply(to utf8: ArraySlice<UInt8>, _ effort: inout MatchEffort) throws(TokenizerError) -> ArraySlice<UInt8> {
        var utf8 = utf8
        for stage in stages {
            switch stage {
            case .nfc: utf8 = CanonicalComposition.apply(to: utf8)
            case .replace(let replacement): utf8 = replacement.apply(to: utf8)
            case .substitute(let substitution): utf8 = try substitution.apply(to: utf8, &effort)
            case .prepend(let prefix): if !utf8.isEmpty { utf8 = (prefix + utf8)[...] }
            case .lowercase: utf8 = Self.lowercased(utf8)
            case .strip(let left, let right): utf8 = Self.stripped(utf8, left: left, right: right)
            }
        }
        return utf8
    }

    /// Each scalar on its own, as in the reference: a final sigma is a sigma.
    private static func lowercased(_ utf8: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var result: [UInt8] = []
        for scalar in String(decoding: utf8, as: UTF8.self).unicodeScalars {
            result += scalar.properties.lowercaseMapping.utf8
        }
        return result[...]
    }

    private static func stripped(_ utf8: ArraySlice<UInt8>, left: Bool, right: Bool) -> ArraySlice<UInt8> {
        let text = ScalarText(utf8: utf8)
        var kept = 0..<text.scalars.count
        while left, let first = kept.first, ScalarClass.whiteSpace.contains(text.scalars[first]) { kept.removeFirst() }
        while right, let last = kept.last, ScalarClass.whiteSpace.contains(text.scalars[last]) { kept.removeLast() }
        return text.utf8(of: kept)
    }
}
