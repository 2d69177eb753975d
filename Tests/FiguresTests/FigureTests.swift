import Figures
import Foundation
import Testing

@Suite struct PictureTests {
    @Test(.enabled(if: ProcessInfo.processInfo.environment["CIRCUIT_TRACER_SCREENSHOTS"] != nil), arguments: ExampleFigure.allCases)
    func `pictures for looking at`(_ example: ExampleFigure) throws {
        let folder = URL(filePath: ProcessInfo.processInfo.environment["CIRCUIT_TRACER_SCREENSHOTS"]!)
        for theme in FigureTheme.allCases {
            try Data(example.figure.svg(theme: theme).utf8).write(to: folder.appending(path: "figure-\(example)-\(theme).svg"))
        }
    }
}
