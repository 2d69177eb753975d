internal import ShownText

/// Words for people that flow into the width there is.
struct Page: Sendable, Equatable {
    /// A term and what it means.
    struct Term: Sendable, Equatable {
        let term: String
        let meaning: String

        init(_ term: String, _ meaning: String) {
            self.term = term
            self.meaning = meaning
        }
    }

    enum Block: Sendable, Equatable {
        case paragraph(String)
        /// Each on a line of its own.
        case lines([String])
        /// In two columns; if the terms leave too little room, their meanings follow below.
        case terms([Term])
    }

    let blocks: [Block]

    /// Where no terminal says how wide it is.
    static let usualWidth = 80
    private static let indentation = "  "
    private static let leastMeaningWidth = 24

    init(_ blocks: [Block]) { self.blocks = blocks }

    /// Its lines, the last one not ended; an empty line between blocks.
    func text(width: Int = Page.usualWidth) -> String {
        blocks.map { lines(of: $0, width: width).joined(separator: "\n") }.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private func lines(of block: Block, width: Int) -> [String] {
        switch block {
        // Where its source ends a line says nothing.
        case .paragraph(let text): text.replacing("\n", with: " ").wrapped(toWidth: width)
        case .lines(let lines): lines.flatMap { (Self.indentation + $0).wrapped(toWidth: width, indentation: Self.indentation + "    ") }
        case .terms(let terms): self.lines(of: terms, width: width)
        }
    }

    private func lines(of terms: [Term], width: Int) -> [String] {
        let termWidth = Self.indentation.count + (terms.map(\.term.displayWidth).max() ?? 0)
        let isBeside = termWidth + 2 + Self.leastMeaningWidth <= width
        return terms.flatMap { entry in
            let term = Self.indentation + entry.term
            if !isBeside { return term.wrapped(toWidth: width, indentation: "    ") + indented(entry.meaning, by: 6, width: width) }
            let meaning = indented(entry.meaning, by: termWidth + 2, width: width)
            return [term.padded(toWidth: termWidth + 2, on: .left) + meaning[0].dropFirst(termWidth + 2)] + meaning.dropFirst()
        }
    }

    private func indented(_ text: String, by count: Int, width: Int) -> [String] {
        text.wrapped(toWidth: width - count).map { String(repeating: " ", count: count) + $0 }
    }
}
