import Foundation
import TestSupport
import Testing

/// `Tools/lint`, by which citations and links lead somewhere and what people read has no phrases to avoid.
@Suite(.ownThreads) struct LintTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        let tools = folder.url.appending(path: "Tools")
        try FileManager.default.createDirectory(at: tools, withIntermediateDirectories: true)
        for name in ["lint", "undocumented"] {
            try FileManager.default.copyItem(at: Fixtures.root.appending(path: "Tools/\(name)"), to: tools.appending(path: name))
        }
        try folder.write("behind\tafter\t\nis no\tis not a\tthere is no\n", to: "Tools/phrases.txt")
        try folder.write("docs/old.md\tfar behind\n", to: "Tools/phrases-allowed.txt")
        try folder.write("# The method\n\n## 1. Transcoders\n\n## 2. Edges `A[t, s]`\n", to: "docs/method.md")
        try folder.write("[method](method.md)\n", to: "docs/README.md")
        try folder.write("", to: "Sources/a.swift")
    }

    /// What it says in the folder, and how it ends.
    private func lint(_ arguments: String...) throws -> (lines: [String], status: Int32) {
        let (process, output) = (Process(), Pipe())
        process.executableURL = folder.url.appending(path: "Tools/lint")
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (String(decoding: said, as: UTF8.self).split(separator: "\n").map(String.init), process.terminationStatus)
    }

    @Test func `where all is well it says nothing`() throws {
        let found = try lint()
        #expect(found.lines == [] && found.status == 0)
    }

    @Test func `citations name sections that exist, in one form`() throws {
        // Not spelled out, so that this file has no such citations.
        let page = "method.md"
        try folder.write(
            """
            /// Fine (docs/\(page), section 2), and (docs/\(page), sections 1 and 2).
            /// Not fine (docs/\(page), sections 1 and 3).
            /// Nor (\(page) section 1), nor (\(page), section 2).
            """, to: "Sources/a.swift")
        try folder.write("[method](\(page)), [\(page), section 4](\(page)), [\(page), section 1](\(page))\n", to: "docs/README.md")
        let found = try lint("citations")
        #expect(
            found.lines == [
                "Sources/a.swift:2: docs/method.md has no section 3",
                "Sources/a.swift:3: a citation is written \"docs/method.md, section N\"",
                "Sources/a.swift:3: a citation is written \"docs/method.md, section N\"",
                "docs/README.md:1: docs/method.md has no section 4",
            ])
        #expect(found.status == 1)
    }

    @Test func `links lead to files and headings, and every page is listed`() throws {
        try folder.write(
            """
            [a](docs/method.md#2-edges-at-s) [b](docs/../Sources/a.swift) [c](https://example.org/nothing) `[d](nothing)`
            [e](docs/nothing.md) [f](docs/method.md#3-nothing) [g](#here)
            ```
            [h](nothing)
            ```
            ## Here
            """, to: "README.md")
        try folder.write("[up](../README.md#here)\n", to: "docs/page.md")
        let found = try lint("links")
        #expect(
            found.lines == [
                "README.md:2: there is no docs/nothing.md", "README.md:2: docs/method.md has no heading #3-nothing",
                "docs/README.md:1: page.md is not in the list",
            ])
        #expect(found.status == 1)
    }

    @Test func `phrases to avoid are found but in code, in what is generated, and where they are allowed`() throws {
        let text = """
            It Lags Behind. There is no error here; this is no error.
            `behind` and hindbehind
            ```
            behind
            ```
            far behind
            """
        try folder.write(text, to: "docs/new.md")
        try folder.write(text, to: "docs/old.md")
        try folder.write("behind\n", to: "docs/commands.md")
        let found = try lint("phrases")
        let sentences = ["1: \"behind\": write after", "1: \"is no\": write is not a"]
        #expect(
            found.lines == sentences.map { "docs/new.md:" + $0 } + ["docs/new.md:6: \"behind\": write after"] + sentences.map { "docs/old.md:" + $0 })
        #expect(found.status == 1)
    }

    @Test func `phrases are counted by file, the most first`() throws {
        try folder.write("// behind\n// behind\n", to: "Sources/a.swift")
        try folder.write("behind\n", to: "docs/method.md")
        let (all, some) = (try lint("count"), try lint("count", "docs"))
        #expect(all.lines.map { $0.split(separator: " ").joined(separator: " ") } == ["2 Sources/a.swift", "1 docs/method.md", "3 in all"])
        #expect(some.lines.map { $0.split(separator: " ").joined(separator: " ") } == ["1 docs/method.md", "1 in all"])
        #expect(all.status == 0 && some.status == 0)
    }

    @Test func `public names without a doc comment fail it`() throws {
        try folder.write("public struct A {}\n", to: "Sources/a.swift")
        let found = try lint("undocumented")
        #expect(found.lines == ["Sources/a.swift:1: struct A", "1 public declaration without a doc comment"] && found.status == 1)
    }

    @Test func `an unknown check is wrong usage`() throws {
        let found = try lint("spelling")
        #expect(found.lines == ["There is no check spelling, only format, citations, links, phrases and undocumented; and count."])
        #expect(found.status == 2)
    }
}
