#if os(Linux)
    import Foundation
    import GraphFiles
    import TestSupport
    import Testing

    /// As `SavingTests`, where a file is made piece by piece or by a program that goes on: a recording, the history, a download and
    /// what the page saves.
    @Suite(.serialized, .ownThreads, .timeLimit(.minutes(30))) struct SavingPiecesTests {
        @Test(arguments: FailingCall.Kind.ofFiles)
        func `a recording that could not be written says so, and does not replay as whole`(_ kind: FailingCall.Kind) throws {
            let lines = ["-c", "echo one", "-c", "echo two", "-c", "record off"]
            try FailingCall.each(kind) { call, folder in
                let path = folder.url.appending(path: "a.txt").path
                let program = try Program(["-m", "tiny/llama3", "-c", "record \(path)"] + lines, variables: call.variables)
                let replay = try Program("replay", path)
                if program.status == 0 {
                    // Nothing, or a close after everything was on the disk.
                    #expect(replay.status == 0 && replay.output.hasSuffix("1 passed, 0 failed, 0 skipped\n"), "\(call): \(replay.output)")
                } else {
                    #expect(program.signal == nil && program.errors.contains("cannot be"), "\(call): \(program.errors)")
                    #expect(replay.status != 0, "\(call)")
                }
            }
        }

        @Test(arguments: FailingCall.Kind.ofFiles)
        func `the history keeps every line that was in it`(_ kind: FailingCall.Kind) throws {
            try FailingCall.each(kind) { call, folder in
                let state = folder.url.appending(path: "circuit-tracer")
                try FileManager.default.createDirectory(at: state, withIntermediateDirectories: true)
                // A duplicate: the program writes the file anew.
                let before = ["echo one", "echo two", "echo one"]
                try Data(before.map { $0 + "\n" }.joined().utf8).write(to: state.appending(path: "history"))
                var variables = Program.environment.merging(call.variables) { $1 }.merging(["XDG_STATE_HOME": folder.url.path, "TERM": "dumb"]) { $1 }
                variables["CIRCUIT_TRACER_NOHISTORY"] = nil
                for line in ["echo three", "echo four"] {
                    let terminal = try PseudoTerminal(Program.url, ["-m", "tiny/llama3"], environment: variables)
                    try terminal.wait(for: "llama3> ")
                    terminal.type(line + "\r")
                    try terminal.wait(for: "llama3> ")
                    terminal.type("\u{4}")
                    #expect(try terminal.end().status == 0, "\(call)")
                    // The next session writes after what this one left.
                    variables["FAULT_CALL"] = "none"
                }
                let text = try String(decoding: Data(contentsOf: state.appending(path: "history")), as: UTF8.self)
                let lines = Set(text.split(separator: "\n").map(String.init))
                #expect(lines.isSuperset(of: ["echo one", "echo two", "echo four"]), "\(call): \(text)")
                #expect(lines.subtracting(["echo one", "echo two", "echo three", "echo four"]).isEmpty, "\(call): \(text)")
            }
        }

        @Test(arguments: FailingCall.Kind.ofFiles)
        func `a download holds no wrong file under a right name, and the next one completes it`(_ kind: FailingCall.Kind) throws {
            // What has a kilobyte is kept by another host. Nobody looks into weights and tokenizer yet.
            var files = try Fixtures.files(of: "tiny/llama3").filter { $0.key == "config.json" }
            files["tokenizer.json"] = Array("{}".utf8)
            files["model.safetensors"] = (0..<2000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            let remote = try LoopbackHub(["org/model": files])
            let snapshot = "models--org--model/snapshots/\(LoopbackHub.commit(of: "org/model"))/"
            try FailingCall.each(kind) { call, folder in
                let variables = ["HF_HUB_CACHE": folder.url.path, "HF_HUB_OFFLINE": "0", "HF_ENDPOINT": remote.hub.address, "HF_HOME": folder.url.path]
                let first = try Program(["download", "org/model"], variables: variables.merging(call.variables) { $1 })
                #expect(first.signal == nil && (first.status == 0 || first.errors.lowercased().contains("cannot")), "\(call): \(first.errors)")
                for (path, data) in try call.files() where !path.hasSuffix(".incomplete") && !path.contains("/refs/") {
                    if path.hasPrefix(snapshot) {
                        #expect(files[String(path.dropFirst(snapshot.count))] == [UInt8](data), "\(call): \(path)")
                    } else {
                        #expect(files.values.contains([UInt8](data)), "\(call): \(path)")
                    }
                }
                let second = try Program(["download", "org/model"], variables: variables)
                #expect(second.status == 0, "\(call): \(second.errors) \(second.output)")
                let after = try call.files()
                for (name, bytes) in files { #expect(after[snapshot + name] == Data(bytes), "\(call): \(name)") }
            }
        }

        @Test func `Ctrl-C ends a download whose disk does not answer`() throws {
            let remote = try LoopbackHub(["tiny/llama3": try Fixtures.files(of: "tiny/llama3")])
            let folder = try TemporaryFolder()
            let call = try FailingCall(.hang, in: folder)
            let variables = ["HF_HUB_CACHE": folder.url.path, "HF_HUB_OFFLINE": "0", "HF_ENDPOINT": remote.hub.address, "HF_HOME": folder.url.path]
            let terminal = try PseudoTerminal(
                Program.url, ["download", "tiny/llama3"],
                environment: Program.environment.merging(variables) { $1 }.merging(call.variables) { $1 })
            while !call.hasFailed { sched_yield() }
            terminal.type("\u{3}")
            let end = try terminal.end()
            #expect(end.status == 130 && end.shown.hasSuffix("interrupted; what has arrived is kept, and the same command continues from there\r\n"), "\(end)")
        }

        @Test(arguments: FailingCall.Kind.ofFiles)
        func `what the page could not save is answered, and the graph is as it was`(_ kind: FailingCall.Kind) throws {
            let inputs = try TemporaryFolder()
            let graph = inputs.url.appending(path: "graph.pt").path
            try TorchGraphFile.write(RandomGraph(layers: 2, featuresPerSite: 1, positions: 2, targets: 1, seed: 1).graph, to: URL(filePath: graph))
            try FailingCall.each(kind) { call, folder in
                let made = try Program(["prune", graph, "--slug", "a", "--graph_file_dir", folder.url.path, "--scan", "x"])
                #expect(made.status == 0, "\(made.errors)")
                let before = try call.files()
                let server = try Server(
                    "exec \"$0\" start-server --graph_file_dir \"$1\" --port 0 --no-browser --no-token", folder.url.path, variables: call.variables)
                let client = try RawClient(port: server.port)
                let body = #"{"qParams": {"pinnedIds": [], "supernodes": [["words", "0_1_1"]], "linkType": "both", "clickedId": "", "sg_pos": ""}}"#
                client.send(
                    "POST /save_graph/a HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + body)
                let answer = try #require(client.receiveAnswer())
                let after = try call.files()
                if answer.status == 200 {
                    #expect(String(decoding: after["a.json"] ?? Data(), as: UTF8.self).contains(#""words""#), "\(call)")
                } else {
                    #expect(call.hasFailed && answer.status >= 500 && after["a.json"] == before["a.json"], "\(call): \(answer)")
                }
                // It goes on serving, and saves what it is given next.
                client.send("GET /graph_data/a.json HTTP/1.1\r\nHost: localhost\r\n\r\n")
                #expect(client.receiveAnswer()?.status == 200, "\(call)")
                #expect(Set(after.keys).isSuperset(of: before.keys) && !after.keys.contains { $0.hasSuffix(".tmp") }, "\(call): \(after.keys)")
            }
        }
    }
#endif
