internal import Layouts
internal import ShownText

/// A circuit drawn with characters: boxes in ranks, links as lines at right angles.
struct TextDrawing {
    /// In columns.
    private(set) var width: Int
    /// The most lines between two ranks.
    private(set) var mostTracks: Int
    private let figure: CircuitFigure
    private let layout: CircuitLayout
    private let boxes: [TextBox]
    private let gaps: [Gap]
    private static let replacementGap = 3

    /// - Parameters:
    ///   - widestRank: columns that the boxes of a rank may take
    ///   - isNarrow: breaks names sooner
    init(_ figure: CircuitFigure, widestRank: Int, isNarrow: Bool) {
        let boxes = figure.cards.map { TextBox($0, isNarrow: isNarrow) }
        // Room for an end of every link.
        var (leaving, arriving) = ([Int](repeating: 0, count: boxes.count), [Int](repeating: 0, count: boxes.count))
        for link in figure.links where leaving.indices.contains(link.source) && leaving.indices.contains(link.target) {
            leaving[link.source] += 1
            arriving[link.target] += 1
        }
        let sizes = boxes.indices.map {
            Size(width: Double(max(boxes[$0].width, 2 * max(leaving[$0], arriving[$0]) + 4)), height: Double(boxes[$0].height))
        }
        let layout = CircuitLayout(
            figure, sizes: sizes, gap: Double(Self.replacementGap),
            spacing: LayeredLayout.Spacing(cards: 2, ranks: 2, links: 2, widestRank: Double(max(widestRank, 1))))
        gaps = (0..<max((layout.ranks.max() ?? 0), 0)).map { rank in
            Gap(above: rank, layout)
        }
        width = Int(layout.size.width.rounded(.up)) + 1
        mostTracks = gaps.map(\.trackCount).max() ?? 0
        (self.figure, self.layout, self.boxes) = (figure, layout, boxes)
    }

    func lines(isUnicode: Bool) -> [[TextRun]] {
        var grid = TextGrid()
        var edges = [(top: Int, bottom: Int)](repeating: (0, 0), count: boxes.count)
        var row = 0
        for rank in (0...(layout.ranks.max() ?? 0)).reversed() {
            let cards = boxes.indices.filter { layout.ranks[$0] == rank }
            let height = cards.map { Int(layout.cards[$0].size.height) }.max() ?? 0
            // Links that only pass the rank are drawn first, so that a box is never under a line.
            for (link, columns) in zip(layout.links, layout.columns) where !columns.isEmpty {
                let (low, columns) = layout.upward(link, columns)
                guard rank > low, rank < low + columns.count - 1 else { continue }
                let pen = Pen(link, isUnicode)
                for line in 0..<height { grid.put(pen.upright, row: row + line, column: columns[rank - low].column, pen.tone) }
            }
            for card in cards {
                let place = layout.cards[card]
                // In the middle of its rank.
                let top = row + (height - Int(place.size.height)) / 2
                edges[card] = (top, top + Int(place.size.height))
                connect(card, from: row, to: top, bottom: row + height, on: &grid, isUnicode)
                boxes[card].draw(
                    on: &grid, row: top, column: place.left.column, width: Int(place.size.width), height: Int(place.size.height), isUnicode: isUnicode)
            }
            for (old, new) in layout.replacements where layout.ranks[old] == rank {
                grid.put(
                    isUnicode ? "→" : ">", row: row + height / 2, column: (layout.cards[old].right.column + layout.cards[new].left.column) / 2, .replacement)
            }
            row += height
            if rank > 0 {
                gaps[rank - 1].draw(on: &grid, row: row, isUnicode)
                row += gaps[rank - 1].height
            }
        }
        for (link, columns) in zip(layout.links, layout.columns) where !columns.isEmpty {
            let (pen, column) = (Pen(link, isUnicode), columns[columns.count - 1].column)
            let isUp = layout.ranks[link.source] < layout.ranks[link.target]
            let row = isUp ? edges[link.target].bottom : edges[link.target].top - 1
            // A line that goes down may turn just above its target.
            if grid.holds(pen.upright, row: row, column: column) { grid.put(isUp ? pen.heads.up : pen.heads.down, row: row, column: column, pen.tone) }
        }
        return grid.lines
    }

    /// Draws what a card's links go through between its edges and those of its rank.
    private func connect(_ card: Int, from rankTop: Int, to top: Int, bottom rankBottom: Int, on grid: inout TextGrid, _ isUnicode: Bool) {
        let bottom = top + Int(layout.cards[card].size.height)
        for (link, columns) in zip(layout.links, layout.columns) where !columns.isEmpty {
            let pen = Pen(link, isUnicode)
            let (low, columns) = layout.upward(link, columns)
            let isLow = (link.source == card) == (low == layout.ranks[link.source])
            guard link.source == card || link.target == card else { continue }
            if isLow {
                for line in rankTop..<max(top, rankTop) { grid.put(pen.upright, row: line, column: columns[0].column, pen.tone) }
            } else {
                for line in bottom..<max(rankBottom, bottom) { grid.put(pen.upright, row: line, column: columns[columns.count - 1].column, pen.tone) }
            }
        }
    }
}

/// The lines between a rank and the one above it.
private struct Gap {
    private struct Wire {
        let link: CircuitFigure.Link
        let bottom: Int
        let top: Int
        /// From the bottom; nil for a line that is straight.
        var track: Int?
        var span: ClosedRange<Int> { min(bottom, top)...max(bottom, top) }
    }

    private var wires: [Wire]
    private(set) var trackCount = 0

    init(above rank: Int, _ layout: CircuitLayout) {
        wires = zip(layout.links, layout.columns).compactMap { link, columns in
            guard !columns.isEmpty else { return nil }
            let (low, upward) = layout.upward(link, columns)
            guard rank >= low, rank < low + upward.count - 1 else { return nil }
            return Wire(link: link, bottom: upward[rank - low].column, top: upward[rank - low + 1].column)
        }
        assignTracks()
    }

    /// Lines that overlap get different tracks; one that comes from below in a column where another goes up gets the lower of both.
    private mutating func assignTracks() {
        var open = wires.indices.filter { wires[$0].bottom != wires[$0].top }.sorted { (wires[$0].span.lowerBound, $0) < (wires[$1].span.lowerBound, $1) }
        while !open.isEmpty {
            func isFree(_ wire: Int) -> Bool { !open.contains { $0 != wire && wires[$0].bottom == wires[wire].top } }
            let free = open.filter(isFree)
            var end = -1
            // In a circle of such lines one has to begin.
            for wire in free.isEmpty ? [open[0]] : free where wires[wire].span.lowerBound > end {
                wires[wire].track = trackCount
                end = wires[wire].span.upperBound + 1
            }
            trackCount += 1
            open.removeAll { wires[$0].track != nil }
        }
    }

    var height: Int { 1 + max(trackCount, 1) }

    func draw(on grid: inout TextGrid, row: Int, _ isUnicode: Bool) {
        let bottom = row + height - 1
        func line(_ track: Int) -> Int { bottom - track }
        // Upright parts come last: where two lines cross, the level one is broken.
        for wire in wires {
            guard let track = wire.track else { continue }
            let pen = Pen(wire.link, isUnicode)
            for column in wire.span.dropFirst().dropLast() { grid.put(pen.level, row: line(track), column: column, pen.tone) }
        }
        for wire in wires {
            let pen = Pen(wire.link, isUnicode)
            if let track = wire.track {
                let isRight = wire.top > wire.bottom
                for row in line(track) + 1..<max(bottom, line(track)) + 1 { grid.put(pen.upright, row: row, column: wire.bottom, pen.tone) }
                for row in row..<line(track) { grid.put(pen.upright, row: row, column: wire.top, pen.tone) }
                grid.put(isRight ? pen.corners.upRight : pen.corners.upLeft, row: line(track), column: wire.bottom, pen.tone)
                grid.put(isRight ? pen.corners.rightUp : pen.corners.leftUp, row: line(track), column: wire.top, pen.tone)
            } else {
                for row in row...bottom { grid.put(pen.upright, row: row, column: wire.bottom, pen.tone) }
            }
        }
    }
}

/// The characters of a link: heavy for much, broken for what lowers its target.
private struct Pen {
    let upright: Character
    let level: Character
    /// Where a line from below turns, and where it then goes up again.
    let corners: (upRight: Character, upLeft: Character, rightUp: Character, leftUp: Character)
    let heads: (up: Character, down: Character)
    let tone: TextRun.Tone

    init(_ link: CircuitFigure.Link, _ isUnicode: Bool) {
        heads = isUnicode ? ("▲", "▼") : ("^", "v")
        let (isNegative, isHeavy) = (link.weight < 0, abs(link.weight) >= 0.3)
        tone = link.weight == 0 ? .plain : isNegative ? .negative : .positive
        guard isUnicode else {
            (upright, level, corners) = (isNegative ? ":" : "|", isNegative ? "." : "-", ("+", "+", "+", "+"))
            return
        }
        upright = isNegative ? isHeavy ? "┇" : "┆" : isHeavy ? "┃" : "│"
        level = isNegative ? isHeavy ? "┅" : "┄" : isHeavy ? "━" : "─"
        corners = isHeavy ? ("┏", "┓", "┛", "┗") : ("┌", "┐", "┘", "└")
    }
}

extension CircuitLayout {
    /// A link's lower rank, and its columns from there up.
    fileprivate func upward(_ link: CircuitFigure.Link, _ columns: [Double]) -> (low: Int, columns: [Double]) {
        let (source, target) = (ranks[link.source], ranks[link.target])
        return (min(source, target), source < target ? columns : columns.reversed())
    }
}

extension Double {
    /// The nearest column; of two, the right one.
    fileprivate var column: Int { Int((self + 0.5).rounded(.down)) }
}
