import Foundation
import TestSupport
import Testing

@testable import circuit_tracer

/// What a program says of the sources that it was built from.
@Suite(.ownThreads) struct VersionTests {
    @Test func `the version names the commit where the build knew it, and leaves it out where not`() throws {
        #expect(Version.full(commit: "") == "circuit-tracer \(Version.number)")
        #expect(Version.full(commit: "b9e143b, 2026-11-28") == "circuit-tracer \(Version.number) (b9e143b, 2026-11-28)")
        let program = try Program("--version")
        #expect(program.status == 0 && program.output == Version.full(commit: Version.commit) + "\n")
    }

    @Test func `the commit is the build's, else that of an archive, else none`() throws {
        let folder = try TemporaryFolder()
        let source = try String(contentsOf: Fixtures.root.appending(path: "Sources/CCommit/CCommit.c"), encoding: .utf8)
        try folder.write(source, to: "sources.c")
        try folder.write(source.replacing("$Format:%h, %cs$", with: "a1b2c3d, 2026-01-02"), to: "archive.c")
        try folder.write("#include <stdio.h>\n#include \"CCommit.h\"\nint main(void) { return puts(commit_built_from()) < 0; }\n", to: "main.c")
        let include = Fixtures.root.appending(path: "Sources/CCommit/include").path
        let program = try Program(
            shell: #"""
                set -e
                clang -I "$INCLUDE" sources.c main.c -o a && ./a
                clang -I "$INCLUDE" archive.c main.c -o a && ./a
                clang -I "$INCLUDE" -D 'CIRCUIT_TRACER_COMMIT="b9e143b, 2026-11-28"' archive.c main.c -o a && ./a
                """#,
            in: folder.url, variables: ["INCLUDE": include])
        #expect(program.output == "\na1b2c3d, 2026-01-02\nb9e143b, 2026-11-28\n", "\(program.errors)")
    }
}
