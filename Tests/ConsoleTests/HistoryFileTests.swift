import Testing

@testable import Console

@Suite struct HistoryFileTests {
    @Test func `lines are kept once, the newest last, for this user only`() async throws {
        try await withTemporaryFolder { folder in
            let history = HistoryFile(path: folder + "/state/circuit-tracer/history", limit: 3)
            #expect(history.load() == [])
            for line in ["a", "b", "a", "c", "d", "b"] { try history.append(line) }
            #expect(mode(of: history.path) == 0o600)
            #expect(mode(of: folder + "/state/circuit-tracer") == 0o700)
            #expect(history.load() == ["c", "d", "b"])
            try history.compact()
            #expect(try Files.read(history.path) == "c\nd\nb\n")
            #expect(mode(of: history.path) == 0o600)
        }
    }

    @Test func `a history that an editor has saved for Windows is the same`() async throws {
        try await withTemporaryFolder { folder in
            try Files.replace(folder + "/history", with: [0xEF, 0xBB, 0xBF] + Array("prompt é\r\n\r\ntop\r\nprompt é\r\n".utf8) + [0xC3, 10])
            #expect(HistoryFile(path: folder + "/history").load() == ["top", "prompt é"])
        }
    }

    @Test func `a prompt of several lines is kept as one that can be run again`() throws {
        let line = HistoryFile.line(for: "prompt \"\"\"\na \"b\"\n c\"\"\"")
        #expect(line == #"prompt "a \"b\"\n c""#)
        #expect(try PromptText.read(try #require(line).dropFirst("prompt ".count)) == "a \"b\"\n c")
        #expect(HistoryFile.line(for: "prompt \"\"\"\na") == nil)
        #expect(HistoryFile.line(for: "top 3") == "top 3")
    }

    @Test func `lines pasted at once are as many commands`() {
        #expect(ReadlineSource.lines(of: "echo a\necho b\n") == ["echo a", "echo b"])
        #expect(ReadlineSource.lines(of: "") == [""])
    }

    @Test func `an empty line or one that begins with a space is not kept`() {
        #expect(["", " ", " secret", "top"].map(HistoryFile.keeps) == [false, false, false, true])
    }
}
