extension StringProtocol {
    /// Columns that the text takes on a terminal.
    package var displayWidth: Int { reduce(0) { $0 + $1.displayWidth } }

    /// The text cut to a number of columns, the last one an ellipsis if something was cut.
    package func truncated(toWidth width: Int) -> String {
        guard displayWidth > width else { return String(self) }
        guard width > 0 else { return "" }
        var result = ""
        var used = 0
        for character in self {
            used += character.displayWidth
            if used >= width { break }
            result.append(character)
        }
        return result + "…"
    }
}

extension Character {
    /// 0 for a lone combining mark, 2 for East Asian wide characters and emoji, else 1.
    package var displayWidth: Int {
        guard let first = unicodeScalars.first else { return 0 }
        switch first.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: break
        }
        let looksLikeEmoji =
            first.properties.isEmojiPresentation
            || first.properties.isEmoji && unicodeScalars.contains { $0 == "\u{FE0F}" }
        return looksLikeEmoji || first.isEastAsianWide ? 2 : 1
    }
}

extension Unicode.Scalar {
    /// Wide or fullwidth in Unicode's EastAsianWidth, by its blocks.
    fileprivate var isEastAsianWide: Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
            0x17000...0x18CFF, 0x1B000...0x1B2FF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
