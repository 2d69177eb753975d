#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif
import TestSupport
import Testing

@testable import Console

/// Files of words: bounded, or read as they come.
@Suite struct InputTests {
    private func refusal(_ path: String) -> String? {
        sentence { () throws(InputRefusal) in try InputFile.bytes(of: path) }
    }

    @Test func `folders, devices and files beyond the limit are refused with a word`() async throws {
        try await withTemporaryFolder { folder in
            #expect(refusal(folder) == "it is a folder")
            #expect(refusal("/dev/zero") == "it is a device, which may never end")
            #expect(refusal("/dev/urandom") == "it is a device, which may never end")
            #expect(refusal(folder + "/none") == "No such file or directory")
            #expect(refusal("/dev/null") == nil)
            let large = folder + "/large"
            try Files.replace(large, with: "")
            #expect(truncate(large, off_t(InputFile.limit) + 1) == 0)
            #expect(refusal(large) == "it is larger than 64 MB, the most that is read")
            #expect(truncate(large, 1000) == 0)
            #expect(try InputFile.bytes(of: large).count == 1000)
        }
    }

    @Test func `a pipe is read as it comes, whoever opens it first`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/pipe"
            #expect(mkfifo(path, 0o600) == 0)
            async let writing: Void = onThread {
                let end = open(path, O_WRONLY)
                defer { close(end) }
                try Files.write(Array("echo a\necho ".utf8), to: end)
                try Files.write(Array("b\n".utf8), to: end)
            }
            let screen = Screen()
            let status = try await onThread { try testConsole(screen: screen).runFile(path, keepsGoing: false) }
            try await writing
            #expect(status == .success && screen.data == "a\nb\n")
        }
    }

    @Test func `Ctrl-C ends the wait for a pipe that nobody writes to`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/pipe"
            #expect(mkfifo(path, 0o600) == 0)
            let screen = Screen()
            try await onThread {
                let console = testConsole(screen: screen)
                console.waiter.wakeupPipe.postSignal(CommandLoop.interrupt)
                let script = try console.runFile(path, keepsGoing: false)
                #expect(script == .interrupted)
                let wakeupPipe = WakeupPipe()
                wakeupPipe.postSignal(CommandLoop.interrupt)
                var run = ReplayRun(updates: false, printer: screen.printer, waiter: Waiter(wakeupPipe: wakeupPipe)) { _ in .unavailable("") }
                let status = run.replay([path])
                #expect(status == .interrupted)
            }
        }
    }

    @Test func `a line without an end ends the reading, even where errors do not`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/pipe"
            #expect(mkfifo(path, 0o600) == 0)
            async let writing: Void = onThread {
                // The reader goes before it has taken all.
                ignoreSignal(SIGPIPE)
                let end = open(path, O_WRONLY)
                defer { close(end) }
                let zeros = [UInt8](repeating: 0, count: 1 << 20)
                while (try? Files.write(zeros, to: end)) != nil {}
            }
            let screen = Screen()
            let status = try await onThread { try testConsole(screen: screen).runFile(path, keepsGoing: true) }
            try await writing
            #expect(status == .failure && screen.messages == "\(path):1: error: It cannot be read further: a line is longer than 16 MB.\n")
        }
    }

    @Test(.timeLimit(.minutes(30))) func `a prompt of very many lines is read in linear time`() throws {
        let count = 200_000
        let text = "prompt \"\"\"\n" + String(repeating: "a line\n", count: count) + "\"\"\"\n"
        var source = ListedLines(text: text)
        let (status, seen) = executed(&source)
        #expect(status == .success && seen.count == 1)
        let line = try #require(seen.first?.text)
        #expect(try PromptText.read(line.dropFirst("prompt ".count)).utf8.count == 7 * count - 1)
        let lines = text.split(separator: "\n").map(String.init)
        let transcript = try TranscriptParser.parse((["> " + lines[0]] + lines.dropFirst().map { "... " + $0 }).joined(separator: "\n"))
        #expect(transcript.items == [.step(.init(command: line, output: [], line: 1))])
    }

    @Test func `lines come out of pieces as they went in`() {
        var buffer = LineBuffer()
        var lines: [String] = []
        for piece in ["\u{FEFF}a", "b\n\nc", "", "\n\u{FEFF}d\ne"] {
            buffer.append(Array(piece.utf8)[...])
            while let line = buffer.next() { lines.append(String(decoding: line, as: UTF8.self)) }
        }
        #expect(lines == ["ab", "", "c", "\u{FEFF}d"] && buffer.pendingCount == 1)
        #expect(buffer.last().map { String(decoding: $0, as: UTF8.self) } == "e" && buffer.last() == nil)
    }
}
