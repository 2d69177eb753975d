import Figures
import Foundation
import TestSupport
import Testing

/// Figures as programs show them: librsvg, which many viewers and papers' tools use, and a browser.
enum RenderingTests {
    private static let program = "/usr/bin/rsvg-convert"

    @Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: program), "librsvg2-bin is not installed"))
    struct Librsvg {
        @Test(arguments: ExampleFigure.allCases, FigureTheme.allCases)
        func `a picture has the figure's size`(_ example: ExampleFigure, _ theme: FigureTheme) throws {
            let folder = try TemporaryFolder()
            let (file, picture) = (folder.url.appending(path: "figure.svg"), folder.url.appending(path: "figure.png"))
            let svg = example.figure.svg(theme: theme)
            try Data(svg.utf8).write(to: file)
            let process = Process()
            process.executableURL = URL(filePath: RenderingTests.program)
            process.arguments = [file.path, "-o", picture.path]
            let errors = Pipe()
            process.standardError = errors
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0, "\(String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self))")
            let drawn = try DrawnFigure(svg)
            #expect(try size(ofPicture: Array(Data(contentsOf: picture))) == [Int(drawn.width), Int(drawn.height)])
        }

        /// Width and height of a PNG.
        private func size(ofPicture bytes: [UInt8]) throws -> [Int] {
            try #require(bytes.count > 24 && bytes.prefix(4) == [0x89, 0x50, 0x4E, 0x47])
            return [16, 20].map { start in bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
        }
    }

    @Suite(.serialized, .enabled(if: Chromium.isExpected), .chromium) struct Browser {
        /// Where a text and a card meet, the text is within the card, and it is in the picture.
        private static let misplaced = """
            (() => {
              const picture = document.documentElement.viewBox.baseVal;
              const cards = [...document.querySelectorAll('rect[stroke]')].map((each) => each.getBBox());
              const found = [];
              for (const text of document.querySelectorAll('text')) {
                const box = text.getBBox();
                const isIn = (outer) => box.x >= outer.x - 0.5 && box.x + box.width <= outer.x + outer.width + 0.5;
                if (!isIn(picture)) found.push(`${text.textContent} leaves the picture`);
                for (const card of cards) {
                  const isBeside = box.x >= card.x + card.width || card.x >= box.x + box.width;
                  const middle = box.y + box.height / 2;
                  if (!isBeside && middle > card.y && middle < card.y + card.height && !isIn(card)) found.push(`${text.textContent} leaves its card`);
                }
              }
              return found;
            })()
            """

        @Test(arguments: ExampleFigure.allCases)
        func `text stays within its card in whatever font it is shown, and the figure has its size`(_ example: ExampleFigure) async throws {
            let folder = try TemporaryFolder()
            let file = folder.url.appending(path: "figure.svg")
            let svg = example.figure.svg()
            try Data(svg.utf8).write(to: file)
            let page = try await Chromium.shared.page(width: 1600, height: 1200, isDark: false, settled: "Promise.resolve()", needing: folder)
            try await page.open(file.absoluteString)
            let drawn = try DrawnFigure(svg)
            let size: [Double] = try await page.evaluate("((box) => [box.width, box.height])(document.documentElement.getBoundingClientRect())")
            #expect(size == [drawn.width, drawn.height])
            for font in ["", "monospace", "serif"] {
                if !font.isEmpty { try await page.run("document.documentElement.setAttribute('font-family', '\(font)')") }
                let misplaced: [String] = try await page.evaluate(Self.misplaced)
                #expect(misplaced == [], "in \(font.isEmpty ? "the usual font" : font)")
            }
            #expect(page.consoleErrors == [])
        }
    }
}
