/// How data is printed.
enum OutputFormat: String, Sendable, CaseIterable {
    case table, json, csv, md

    /// Whether people read it; the others are for programs.
    var isForPeople: Bool { self == .table || self == .md }
}

/// What a rendering may use of the place it goes to.
struct RenderingStyle: Sendable, Equatable {
    /// Columns of the terminal, to which text is cut, but no number, and which bars may fill; nil, elsewhere, leaves all whole.
    var width: Int?
    var palette = Palette.plain
    /// What bars and curves are drawn with.
    var glyphs = Glyphs.blocks
    /// Leaves out what differs from run to run, as transcripts do.
    var hidesVolatile = false

    static let plain = RenderingStyle()
    static let transcript = RenderingStyle(hidesVolatile: true)
}

extension Output {
    /// The output as it is printed, every line ended.
    func rendered(as format: OutputFormat, command: String, style: RenderingStyle = .plain) -> TerminalText {
        let output = style.hidesVolatile ? withoutVolatile : self
        return switch format {
        case .table: TextRenderer(style: style).render(output)
        case .json: TerminalText(json: output.json(command: command))
        case .csv: TerminalText(lines: output.csv)
        case .md: TerminalText(lines: output.markdown)
        }
    }

    private var withoutVolatile: Output {
        var output = self
        output.parts = parts.compactMap { part in
            switch part {
            // Levels may round either way on another processor.
            case .drawing, .plot, .shaded, .evidence, .circuit: nil
            case .fact(let fact) where fact.isVolatile:
                .fact(Fact(key: fact.key, label: fact.label, value: .none, visibility: fact.visibility))
            case .table(let table): .table(table.withoutVolatile)
            default: part
            }
        }
        return output
    }
}
