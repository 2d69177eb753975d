internal import ShownText

/// Lines of a terminal to draw on, column by column.
struct TextGrid {
    /// A character in its column, with the marks on it; a wide one has nothing in the column after it.
    private struct Cell {
        var text = " "
        var tone = TextRun.Tone.plain
    }

    private var rows: [[Cell]] = []

    mutating func put(_ character: Character, row: Int, column: Int, _ tone: TextRun.Tone) {
        guard row >= 0, column >= 0 else { return }
        while rows.count <= row { rows.append([]) }
        while rows[row].count <= column { rows[row].append(Cell()) }
        rows[row][column] = Cell(text: String(character), tone: tone)
    }

    func holds(_ character: Character, row: Int, column: Int) -> Bool {
        rows.indices.contains(row) && rows[row].indices.contains(column) && rows[row][column].text == String(character)
    }

    mutating func put(_ text: String, row: Int, column: Int, _ tone: TextRun.Tone) {
        var column = column
        for character in text {
            let width = character.displayWidth
            if width == 0 {
                if column > 0, rows.indices.contains(row), rows[row].indices.contains(column - 1) { rows[row][column - 1].text.append(character) }
                continue
            }
            put(character, row: row, column: column, tone)
            if width == 2 {
                put(" ", row: row, column: column + 1, tone)
                rows[row][column + 1].text = ""
            }
            column += width
        }
    }

    /// The rows without spaces at their ends, in pieces of one tone.
    var lines: [[TextRun]] {
        rows.map { row in
            let end = row.lastIndex { $0.text != " " }.map { $0 + 1 } ?? 0
            return row[..<end].reduce(into: [TextRun]()) { runs, cell in
                if let last = runs.last, last.tone == cell.tone || cell.text == " " {
                    runs[runs.count - 1].text += cell.text
                } else {
                    runs.append(TextRun(cell.text, cell.tone))
                }
            }
        }
    }
}
