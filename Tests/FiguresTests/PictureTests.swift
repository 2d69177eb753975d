import Figures
import Foundation
import Testing

@Suite struct PictureTests {
    @Test(.enabled(if: ProcessInfo.processInfo.environment["CIRCUIT_TRACER_SCREENSHOTS"] != nil), arguments: ExampleFigure.allCases)
    func `pictures for looking at`(_ example: ExampleFigure) throws {
        let folder = URL(filePath: ProcessInfo.processInfo.environment["CIRCUIT_TRACER_SCREENSHOTS"]!)
        var text = ""
        for (width, isUnicode) in [(80, true), (120, true), (80, false), (40, true)] {
            text += example.figure.text(width: width, isUnicode: isUnicode).map { $0.map(\.text).joined() + "\n" }.joined() + "\n"
        }
        try Data(text.utf8).write(to: folder.appending(path: "figure-\(example).txt"))
        for theme in FigureTheme.allCases {
            try Data(example.figure.svg(theme: theme).utf8).write(to: folder.appending(path: "figure-\(example)-\(theme).svg"))
        }
    }
}
