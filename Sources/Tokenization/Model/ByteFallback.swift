/// Tokens that stand for one byte, `<0x00>` to `<0xFF>`, in vocabularies of characters.
enum ByteFallback {
    /// The token of each byte, in UTF-8. `[256]`
    static let tokens: [[UInt8]] = (UInt8.min...UInt8.max).map { byte in
        let digits = String(byte, radix: 16, uppercase: true)
        return Array("<0x\(byte < 16 ? "0" : "")\(digits)>".utf8)
    }

    /// The byte that a token stands for; nil for other tokens. As in the reference, digits may be of either case, and the
    /// first may be a plus sign.
    static func byte(of token: ArraySlice<UInt8>) -> UInt8? {
        guard token.count == 6, token.starts(with: "<0x".utf8), token.last == UInt8(ascii: ">") else { return nil }
        let digits = String(decoding: token.dropFirst(3).prefix(2), as: UTF8.self)
        return digits.first == "-" ? nil : UInt8(digits, radix: 16)
    }

    /// Joins runs of byte tokens; if a run is not UTF-8, each of its bytes becomes U+FFFD.
    static func decode(_ tokens: [ArraySlice<UInt8>]) -> [ArraySlice<UInt8>] {
        var texts: [ArraySlice<UInt8>] = []
        var run: [UInt8] = []
        func endRun() {
            guard !run.isEmpty else { return }
            if String(validating: run, as: UTF8.self) != nil {
                texts.append(run[...])
            } else {
                texts += [ArraySlice<UInt8>](repeating: Array("\u{FFFD}".utf8)[...], count: run.count)
            }
            run.removeAll()
        }
        for token in tokens {
            if let byte = byte(of: token) {
                run.append(byte)
            } else {
                endRun()
                texts.append(token)
            }
        }
        endRun()
        return texts
    }
}
