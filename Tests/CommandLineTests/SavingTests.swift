#if os(Linux)
    import Foundation
    import GraphFiles
    import TestSupport
    import Testing

    /// Every call of the system that saving makes fails once, one after another: what was there is still whole, and the program
    /// says what happened.
    @Suite(.serialized, .ownThreads) struct SavingTests {
        /// A way of saving.
        struct Way: Sendable, CustomTestStringConvertible {
            let testDescription: String
            /// Of the program; FOLDER stands for the folder in which calls fail, INPUTS for one where they do not.
            let arguments: [String]
            /// The files there before, by name.
            var before: [String: String] = [:]
            /// Whether the program goes on without what cannot be saved.
            var isOptional = false
            /// Whether the files are all new or all as they were.
            var isTogether = false
        }

        static let ways = [
            Way(testDescription: "a graph as .pt", arguments: ["convert", "INPUTS/graph.pt", "FOLDER/a.pt"], before: ["a.pt": "graph.pt"]),
            Way(
                testDescription: "a graph as safetensors", arguments: ["convert", "INPUTS/graph.pt", "FOLDER/a.safetensors"],
                before: ["a.safetensors": "graph.pt"]),
            Way(
                testDescription: "a graph as JSON, beside another", arguments: ["convert", "INPUTS/graph.pt", "FOLDER/a.json", "--scan", "x"],
                before: ["a.json": "graph.pt", "b.json": "graph.pt"]),
            Way(
                testDescription: "a folder of graphs",
                arguments: ["prune", "INPUTS/graph.pt", "--slug", "a", "--graph_file_dir", "FOLDER/graphs", "--scan", "x"]),
            Way(
                testDescription: "an update of a transcript", arguments: ["replay", "--update", "FOLDER/a.txt"], before: ["a.txt": "transcript.txt"]),
            Way(
                testDescription: "a session with its graph",
                arguments: ["-m", "tiny/llama3", "-c", "open INPUTS/graph.pt", "-c", "session save FOLDER/a.session"],
                before: ["a.session": "transcript.txt", "a.graph.safetensors": "graph.pt"], isTogether: true),
            Way(
                testDescription: "a command's output", arguments: ["-m", "tiny/llama3", "-c", "help > FOLDER/a.csv"], before: ["a.csv": "transcript.txt"]),
            Way(
                testDescription: "the store of runs",
                arguments: ["-t", "tiny/llama3-clt", "-c", "prompt The capital"], isOptional: true),
        ]

        private let inputs: TemporaryFolder

        init() throws {
            inputs = try TemporaryFolder()
            let graph = RandomGraph(layers: 2, featuresPerSite: 1, positions: 2, targets: 1, seed: 1).graph
            try TorchGraphFile.write(graph, to: inputs.url.appending(path: "graph.pt"))
            try "# needs tiny/llama3\n\n> echo one\ntwo\n".write(to: inputs.url.appending(path: "transcript.txt"), atomically: true, encoding: .utf8)
        }

        /// What a way of saving leaves where a call fails.
        private struct Outcome {
            let program: Program
            let files: [String: Data]
        }

        private func run(_ way: Way, in folder: TemporaryFolder, _ call: FailingCall) throws -> (outcome: Outcome, before: [String: Data]) {
            for (name, input) in way.before {
                try FileManager.default.copyItem(at: inputs.url.appending(path: input), to: folder.url.appending(path: name))
            }
            let before = try call.files()
            let arguments = way.arguments.map {
                $0.replacing("FOLDER", with: folder.url.path).replacing("INPUTS", with: inputs.url.path)
            }
            let cache = folder.url.appending(path: "cache").path
            let program = try Program(arguments, variables: call.variables.merging(["XDG_CACHE_HOME": cache]) { $1 })
            return (Outcome(program: program, files: try call.files()), before)
        }

        /// What it leaves where nothing fails.
        private func done(_ way: Way) throws -> Outcome {
            let folder = try TemporaryFolder()
            return try run(way, in: folder, FailingCall(nil, in: folder)).outcome
        }

        @Test(arguments: ways)
        func `what was there is whole, and what failed is said`(_ way: Way) throws {
            let done = try done(way)
            #expect(done.program.status == 0, "\(done.program.errors)")
            var failed = 0
            for kind in FailingCall.Kind.ofFiles {
                failed += try FailingCall.each(kind) { call, folder in
                    let (outcome, before) = try run(way, in: folder, call)
                    #expect(outcome.program.signal == nil, "\(call): \(outcome.program.errors)")
                    if way.isOptional {
                        #expect(outcome.program.status == 0 && outcome.program.output == done.program.output, "\(call)")
                    } else if outcome.program.status == 0 {
                        // Flushing the folder that a file was renamed in is best effort.
                        #expect(outcome.files == done.files, "\(call)")
                    } else {
                        // A replay's report is its output.
                        #expect((outcome.program.errors + outcome.program.output).lowercased().contains("cannot"), "\(call)")
                    }
                    check(outcome, before, done, call)
                    if way.isTogether { #expect([before, done.files].contains(outcome.files), "\(call): \(outcome.files.keys)") }
                    #expect(outcome.files.keys.allSatisfy { !$0.hasSuffix(".tmp") && !$0.contains(".new") }, "\(call): \(outcome.files.keys)")
                }
            }
            #expect(failed > 0)
        }

        /// Without memory a program may die; then too what was there is whole.
        @Test(arguments: ways)
        func `where memory ends while a file is written, what was there is whole`(_ way: Way) throws {
            let done = try done(way)
            var number = 1
            while true {
                let folder = try TemporaryFolder()
                let call = try FailingCall(.memory, number, in: folder)
                let (outcome, before) = try run(way, in: folder, call)
                if !call.hasFailed { break }
                check(outcome, before, done, call)
                number *= 3
            }
            #expect(number > 1)
        }

        /// Every file is as it was, or as it is when nothing fails.
        private func check(_ outcome: Outcome, _ before: [String: Data], _ done: Outcome, _ call: FailingCall) {
            for (name, data) in before { #expect(outcome.files[name] == data || outcome.files[name] == done.files[name], "\(call): \(name)") }
            for (name, data) in outcome.files where before[name] == nil && !name.hasSuffix(".tmp") {
                #expect(data == done.files[name], "\(call): \(name)")
            }
        }
    }
#endif
