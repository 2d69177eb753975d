extension Unicode.Scalar {
    /// Whether a terminal acts on it: controls, line and paragraph separators, and what reorders the text around it.
    package var steersTerminal: Bool {
        switch value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028...0x2029: true
        // The marks, embeddings, overrides and isolates of writing from right to left, and their deprecated relatives.
        case 0x61C, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x206F: true
        // A byte order mark within a text, and what annotates other text.
        case 0xFEFF, 0xFFF9...0xFFFB: true
        default: false
        }
    }

    /// As JSON spells it: `\u001b`.
    package var spelled: String {
        utf16.map { unit in
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }
}
