import Foundation
import TestSupport
import Testing

/// A replay gives the same on every machine: nothing of the user's comes into it, and it leaves nothing of the user's changed.
@Suite(.ownThreads) struct ReplaySurroundingsTests {
    @Test func `settings, history, store, graphs and variables of the user do not come into a replay, and stay as they are`() throws {
        let home = try TemporaryFolder()
        let files = [
            ".config/circuit-tracer/rc": "format json\necho start-up\n", ".local/state/circuit-tracer/history": "echo typed\n",
            ".cache/circuit-tracer/runs/x": "no run", ".local/share/circuit-tracer/graphs/graph-metadata.json": #"{"graphs": []}"#,
        ]
        for (name, text) in files { try home.write(text, to: name) }
        let transcript = """
            # needs tiny/llama3-plt-skip

            > prompt The capital
            > attribute --max-feature-nodes 5
            > features 2
            > store

            """
        let variables = [
            "HOME": home.url.path, "XDG_CONFIG_HOME": "", "XDG_CACHE_HOME": "", "XDG_STATE_HOME": "", "XDG_DATA_HOME": "", "CIRCUIT_TRACER_NOHISTORY": "1",
            "SHELL": "/bin/false", "PAGER": "touch \(home.url.path)/paged", "CIRCUIT_TRACER_TOKEN": "no token", "CIRCUIT_TRACER_WEB": "/nowhere",
            "TERM": "xterm-256color", "COLUMNS": "60", "LC_ALL": "C", "COLORTERM": "truecolor",
        ]
        let (plain, odd) = (try home.write(transcript, to: "plain.txt"), try home.write(transcript, to: "odd.txt"))
        let first = try Program("replay", "--update", plain.path)
        let second = try Program("replay", "--update", odd.path, variables: variables)
        #expect(first.status == 0 && second.status == 0, "\(first.errors)\(second.errors)")
        let outputs = try [plain, odd].map { try String(contentsOf: $0, encoding: .utf8) }
        #expect(outputs[0] == outputs[1] && outputs[0].contains("probability") && outputs[0].contains("error: A transcript cannot hold the command store"))
        for (name, text) in files { #expect(try String(contentsOf: home[name], encoding: .utf8) == text, "\(name)") }
        let paths = try FileManager.default.subpathsOfDirectory(atPath: home.url.path).filter { path in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: home[path].path, isDirectory: &isFolder) && !isFolder.boolValue
        }
        #expect(Set(paths) == Set(files.keys).union(["plain.txt", "odd.txt"]))
    }

    @Test(arguments: ["shell touch FILE", "!touch FILE", "status > FILE", "status >> FILE", "status | touch FILE", #"foreach "a" : top 1 | touch FILE"#])
    func `a replay runs no program and writes no file that its commands name`(_ line: String) throws {
        let folder = try TemporaryFolder()
        let path = folder["touched"].path
        let transcript = try folder.write("# needs tiny/llama3\n\n> \(line.replacing("FILE", with: path))\n", to: "a.txt")
        let program = try Program("replay", "--update", transcript.path)
        #expect(program.status == 0, "\(program.errors)")
        #expect(try folder.names == ["a.txt"])
        #expect(try String(contentsOf: transcript, encoding: .utf8).contains("\nerror: A transcript cannot "))
    }

    @Test func `no shipped transcript has such commands`() throws {
        let folder = Fixtures.root.appending(path: "transcripts")
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".txt") }
        #expect(!names.isEmpty)
        for name in names {
            let lines = try String(contentsOf: folder.appending(path: name), encoding: .utf8).split(separator: "\n")
            #expect(!lines.contains { $0.hasPrefix("error: A transcript cannot ") }, "\(name)")
        }
    }
}
