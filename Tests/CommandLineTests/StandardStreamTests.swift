import Foundation
import TestSupport
import Testing

/// Streams that are closed or full, files that cannot grow, and words that would steer a terminal.
@Suite(.ownThreads) struct StandardStreamTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func shell(_ lines: String) throws -> Program { try Program(shell: lines, in: folder.url) }

    private func status(_ line: String) throws -> Int32 { try shell(line).status }

    private static let attribute = "$CT attribute -t tiny/llama3-plt-skip -p The -p Hello -o g.pt"

    @Test func `messages that cannot be written change no status`() throws {
        for messages in ["2>&-", "2>/dev/full"] where messages == "2>&-" || FileManager.default.fileExists(atPath: "/dev/full") {
            #expect(try status("rm -f g-*.pt; \(Self.attribute) \(messages)") == 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).filter { $0.hasSuffix(".pt") }.count == 2)
            #expect(try status("echo hi | $CT tokenize nope \(messages)") == 2)
            #expect(try status("$CT -c nonsense \(messages)") == 1)
            #expect(try status("$CT -c top --no-such-option \(messages)") == 2)
            #expect(try status("$CT prune none.pt \(messages)") == 1)
        }
    }

    @Test func `data that cannot be written makes the status 1`() throws {
        for (output, reason) in [(">&-", "Bad file descriptor"), (">/dev/full", "No space left on device")]
        where output == ">&-" || FileManager.default.fileExists(atPath: "/dev/full") {
            let sentence = "error: The output cannot be written: \(reason).\n"
            for command in [
                "$CT -c status", "echo status | $CT", "$CT reference", "echo hi | $CT tokenize tiny/llama3", "\(Self.attribute) --json",
                "rm -f g-*; \(Self.attribute) --scores", "$CT inspect atlas", "$CT plan -t tiny/llama3-plt-skip -p The",
            ] {
                let run = try shell("rm -f g-*; { \(command); } \(output)")
                #expect(run.status == 1 && run.errors.hasSuffix(sentence), "\(command): \(run.status) \(run.errors)")
            }
            try "> echo a\na\n".write(to: folder.url.appending(path: "t.txt"), atomically: true, encoding: .utf8)
            let replay = try shell("$CT replay t.txt \(output)")
            #expect(replay.status == 1 && replay.errors == sentence)
        }
    }

    @Test func `a reader that has gone is no error`() throws {
        for command in ["$CT reference", "yes | head -n 5000 | $CT tokenize tiny/llama3", "$CT -c help -c help", "rm -f g-*; \(Self.attribute) --json"] {
            let run = try shell("{ \(command); echo \"status $?\" >&2; } | true")
            #expect(run.errors.hasSuffix("status 0\n") && !run.errors.contains("error"), "\(command): \(run.errors)")
        }
    }

    @Test func `an input that is closed is empty`() throws {
        #expect(try status("$CT <&-") == 0)
        #expect(try status("$CT -f - <&-") == 0)
        let tokens = try shell("$CT tokenize tiny/llama3 <&-")
        #expect(tokens.status == 0 && tokens.output.isEmpty)
        // Nothing that is opened takes the place of a stream.
        let saved = try shell("$CT -c 'prompt The' -c 'attribute --max-feature-nodes 5' -c 'save g.graph' <&- 2>&- >o && $CT convert g.graph h.pt && cat o")
        #expect(saved.status == 0 && saved.output.contains("active features"), "\(saved.errors)")
    }

    @Test func `endless devices and folders are refused as scripts and lists`() throws {
        for (line, sentence) in [
            ("$CT -f /dev/zero", "/dev/zero cannot be read: it is a device, which may never end."), ("$CT -f .", ". cannot be read: it is a folder."),
            ("$CT -f - </dev/zero", "Standard input cannot be read: it is a device, which may never end."),
            ("$CT <.", "Standard input cannot be read: it is a folder."),
            (
                "\(Self.attribute.replacing("-p The -p Hello", with: "--prompts /dev/urandom"))",
                "/dev/urandom cannot be read: it is a device, which may never end. Check the path and the permissions."
            ),
            (
                "\(Self.attribute.replacing("-p The -p Hello", with: "--prompts ."))",
                ". cannot be read: it is a folder. Check the path and the permissions."
            ),
        ] {
            let run = try shell(line)
            #expect(run.status == 2 && run.errors == "error: \(sentence)\n", "\(line): \(run.status) \(run.errors)")
        }
        let replay = try shell("$CT replay /dev/zero")
        #expect(
            replay.status == 2 && replay.output == "FAIL  /dev/zero: it cannot be read: it is a device, which may never end\n0 passed, 1 failed, 0 skipped\n")
        let pipe = try shell("mkfifo p; echo 'echo a' > p & $CT -f p; echo The > p & \(Self.attribute.replacing("-p The -p Hello", with: "--prompts p"))")
        #expect(pipe.status == 0 && pipe.output == "a\n", "\(pipe.errors)")
    }

    @Test func `a recording that cannot grow says so, fails, and does not pass as whole`() throws {
        // Blocks of 512 or 1024 bytes.
        let run = try shell("ulimit -f 2; $CT --keep-going -c 'record t.txt' -c 'echo a' -c 'help' -c 'help' -c 'echo b'")
        let note = "note: recording stopped; t.txt cannot be written: File too large. It holds the commands before, and is marked as cut off.\n"
        #expect(run.status == 1 && run.errors == note)
        let text = try String(contentsOf: folder.url.appending(path: "t.txt"), encoding: .utf8)
        #expect(
            text == """
                # cut off while it was written
                # needs atlas/plt
                # tolerance 0.001 relative, 0.0001 absolute

                > echo a
                a


                """)
        let replay = try shell("$CT replay t.txt")
        #expect(
            replay.status == 2
                && replay.output == """
                    FAIL  t.txt: line 1 of the transcript: it was cut off: something after it could not be written
                    0 passed, 1 failed, 0 skipped

                    """
        )
    }

    @Test func `a replay leaves the working folder as it was`() throws {
        let transcript =
            "# needs atlas/plt\n> prompt The\n> attribute --max-feature-nodes 5\n> save keys.pt\n> export json here --slug a\n> save \(folder.url.path)/keys.pt\n"
        try transcript.write(to: folder.url.appending(path: "t.txt"), atomically: true, encoding: .utf8)
        try "precious".write(to: folder.url.appending(path: "keys.pt"), atomically: true, encoding: .utf8)
        #expect(try shell("$CT replay t.txt").status == 3)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted() == ["keys.pt", "t.txt"])
        #expect(try String(contentsOf: folder.url.appending(path: "keys.pt"), encoding: .utf8) == "precious")
        let sourced = try shell("$CT -f t.txt")
        #expect(
            sourced.status == 2
                && sourced.errors == """
                    error: t.txt is a transcript, and its command "save keys.pt" writes files or reaches beyond the model.
                      (`replay` runs it with a temporary folder for what it writes; to run it here, make a script of its commands)

                    """
        )
    }

    @Test func `arguments that are echoed cannot steer a terminal`() throws {
        let word = "x\u{1B}]0;t\u{7}\u{9B}2J\u{202E}"
        let lines: [[String]] = [
            [word], ["--\(word)"], ["attribute", "--shard", word], ["tokenize", word], ["inspect", word], ["prune", word], ["convert", word, "a.pt"],
            ["start-server", "--graph_file_dir", word], ["download", word], ["replay", word], ["-f", word], ["-t", word], ["-c", word], ["-c", "echo \(word)"],
            ["-c", "format csv", "-c", "echo \(word)"], ["attribute", "-t", "atlas/plt", "-p", "x", "-o", "/none/\(word)"],
        ]
        for arguments in lines {
            let run = try Program(arguments)
            let shown = (run.output + run.errors).unicodeScalars
            #expect(!shown.contains { ($0.value < 0x20 && $0 != "\n" && $0 != "\r") || (0x7F..<0xA0).contains($0.value) || $0 == "\u{202E}" }, "\(arguments)")
            // The hub's names are quoted as Swift spells them.
            #expect(["\\u001b", "\\u{1B}"].contains { (run.output + run.errors).contains($0) }, "\(arguments): \(run.errors)")
        }
    }
}
