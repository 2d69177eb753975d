internal import ShownText

extension String {
    /// On one line, with everything visible that a terminal would act on or XML does not allow; a character of a hundred marks loses most.
    var shownInFigure: String {
        var result = ""
        for character in self {
            for (index, scalar) in character.unicodeScalars.enumerated() {
                if index == 32 {
                    result += "…"
                    break
                }
                switch scalar {
                case "\n": result += "\\n"
                case "\t": result += "\\t"
                case "\r": result += "\\r"
                case _ where scalar.steersTerminal || scalar.value & 0xFFFE == 0xFFFE: result += scalar.spelled
                default: result.unicodeScalars.append(scalar)
                }
            }
        }
        return result
    }

    /// For the content of an element and for attributes.
    var escapedForXML: String {
        reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
    }
}

extension Double {
    /// With one decimal place at most, and a point: `12.5`, `3`.
    var short: String {
        let tenths = Int((self * 10).rounded())
        let (whole, rest) = (abs(tenths) / 10, abs(tenths) % 10)
        return (tenths < 0 ? "-" : "") + "\(whole)" + (rest == 0 ? "" : ".\(rest)")
    }
}

/// A share of one as a percentage: `27%`, `0.3%`, `<0.1%`.
///
/// - Parameter decimals: for shares between a thousandth and all; without them a share that is not 0 is at least `<1%`.
func percentage(_ share: Float, decimals: Bool) -> String {
    guard share.isFinite, abs(share) < 1e6 else { return "–" }
    let percent = Double(share) * 100
    let least = decimals ? 0.1 : 1
    if percent != 0, abs(percent) < least / 2 { return percent < 0 ? "−<\(least.short)%" : "<\(least.short)%" }
    let text = decimals ? percent.short : percent.rounded().short
    return text.replacing("-", with: "−") + "%"
}
