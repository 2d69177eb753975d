import JSON
import TestSupport
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
            #expect(try text(ofFile: history.path) == "c\nd\nb\n")
            #expect(mode(of: history.path) == 0o600)
        }
    }

    @Test func `a history that an editor has saved for Windows is the same`() async throws {
        try await withTemporaryFolder { folder in
            try Files.replace(folder + "/history", with: [0xEF, 0xBB, 0xBF] + Array("prompt é\r\n\r\ntop\r\nprompt é\r\n".utf8) + [0xC3, 10])
            #expect(HistoryFile(path: folder + "/history").load() == ["top", "prompt é"])
        }
    }

    @Test func `what is not UTF-8 survives, and a mark at the beginning`() async throws {
        try await withTemporaryFolder { folder in
            let history = HistoryFile(path: folder + "/history", limit: 3)
            let mark = byteOrderMark
            try Files.replace(history.path, with: mark + Array("old\ntop\n".utf8) + [0xC3, 0x28, 10] + Array("top\r\n".utf8) + [0xFF, 10])
            #expect(history.load() == ["old", "top"])
            try history.compact()
            #expect(try InputFile.bytes(of: history.path) == mark + [0xC3, 0x28, 10] + Array("top\r\n".utf8) + [0xFF, 10])
        }
    }

    @Test func `sessions that overlap keep each other's lines`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/history"
            try await withThrowingTaskGroup(of: Void.self) { group in
                for session in 0..<4 {
                    group.addTask {
                        try await onThread {
                            let history = HistoryFile(path: path, limit: 10_000)
                            for line in 0..<50 {
                                try history.append("\(session) \(line)")
                                // Something to drop, so that it is written anew.
                                try history.append("again")
                                if line % 5 == session { try history.compact() }
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let lines = Set(HistoryFile(path: path, limit: 10_000).load())
            #expect(lines.count == 201)
        }
    }

    @Test func `a link stays one, also one whose file is not there yet`() async throws {
        try await withTemporaryFolder { folder in
            #expect(makeLink(folder + "/history", to: folder + "/dotfile"))
            let history = HistoryFile(path: folder + "/history")
            for line in ["a", "b", "a"] { try history.append(line) }
            try history.compact()
            #expect(isLink(folder + "/history") && !isLink(folder + "/dotfile"))
            #expect(try text(ofFile: folder + "/dotfile") == "b\na\n")
        }
    }

    @Test func `what is no history is refused`() async throws {
        try await withTemporaryFolder { folder in
            Files.makeFolder(folder + "/a")
            #expect(makeLink(folder + "/b", to: "/dev/zero"))
            for (name, refusal) in [("a", InputRefusal.folder), ("b", .device)] {
                let history = HistoryFile(path: "\(folder)/\(name)")
                #expect(history.load() == [])
                #expect(throws: refusal) { try history.compact() }
            }
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
