import Foundation
import TestSupport
import Testing

/// The figure of the README is what its command draws.
@Suite struct FigureTests {
    private static let docs = Fixtures.root.appending(path: "docs")

    @Test func `the README's command draws the README's figure, light and dark`() throws {
        let readme = try String(contentsOf: Fixtures.root.appending(path: "README.md"), encoding: .utf8)
        #expect(readme.contains("`.build/release/circuit-tracer -f docs/dallas-circuit.txt`"))
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(at: folder.url.appending(path: "docs"), withIntermediateDirectories: false)
        try FileManager.default.copyItem(at: Self.docs.appending(path: "dallas-circuit.txt"), to: folder.url.appending(path: "docs/dallas-circuit.txt"))
        let run = try Program(shell: "$CT -f docs/dallas-circuit.txt >/dev/null", in: folder.url)
        #expect(run.status == 0, "\(run.errors)")
        for name in ["docs/dallas-circuit.svg", "docs/dallas-circuit-dark.svg"] {
            let (committed, drawn) = try (Figure(Fixtures.root.appending(path: name)), Figure(folder.url.appending(path: name)))
            #expect(readme.contains("\"\(name)\""))
            #expect(drawn.words == committed.words, "\(name) is not what is drawn now: run the command again and look at the figure")
            // Kernels differ in the last digits, and so may a width in its one decimal, or a percentage.
            for (now, then) in zip(drawn.numbers, committed.numbers) { #expect(abs(now - then) < 0.25, "\(name): \(now), not \(then)") }
        }
    }

    /// A drawing's numbers, and all that is between them.
    private struct Figure {
        let words: [String]
        let numbers: [Double]

        init(_ file: URL) throws {
            let text = try String(contentsOf: file, encoding: .utf8)
            let found = text.matches(of: /[0-9]+(\.[0-9]+)?/)
            numbers = found.map { Double($0.output.0)! }
            let starts = [text.startIndex] + found.map(\.range.upperBound)
            words = zip(starts, found.map(\.range.lowerBound) + [text.endIndex]).map { String(text[$0..<$1]) }
        }
    }
}
