#if os(Linux)
    import Foundation
    import GraphFiles
    import TestSupport
    import Testing

    /// Every call of the system that saving makes fails once, one after another: what was there is still whole, and the program
    /// says what happened.
    @Suite struct SavingTests {
        /// A way of saving.
        struct Way: Sendable, CustomTestStringConvertible {
            let testDescription: String
            /// Of the program; FOLDER stands for the folder in which calls fail, INPUTS for one where they do not.
            let arguments: [String]
            /// The files there before, by name.
            var before: [String: String] = [:]
            /// Whether the program goes on without what cannot be saved.
            var isOptional = false
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
                testDescription: "the store of runs",
                arguments: ["-t", "tiny/llama3-clt", "-c", "prompt The capital"], isOptional: true),
        ]

        private static let library = Program.url.deletingLastPathComponent().appending(path: "libSystemFaults.so").path

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
            let hasFailed: Bool
        }

        private func run(_ way: Way, failing call: String = "none", at number: Int = 0) throws -> (outcome: Outcome, before: [String: Data]) {
            let (folder, log) = (try TemporaryFolder(), try TemporaryFolder())
            for (name, input) in way.before {
                try FileManager.default.copyItem(at: inputs.url.appending(path: input), to: folder.url.appending(path: name))
            }
            let before = try files(in: folder.url)
            let arguments = way.arguments.map {
                $0.replacing("FOLDER", with: folder.url.path).replacing("INPUTS", with: inputs.url.path)
            }
            let marker = log.url.appending(path: "failed").path
            let program = try Program(
                arguments,
                variables: [
                    "LD_PRELOAD": Self.library, "FAULT_FOLDER": folder.url.path, "FAULT_CALL": call, "FAULT_AT": "\(number)", "FAULT_LOG": marker,
                    "XDG_CACHE_HOME": folder.url.appending(path: "cache").path,
                ])
            let outcome = Outcome(program: program, files: try files(in: folder.url), hasFailed: FileManager.default.fileExists(atPath: marker))
            return (outcome, before)
        }

        private func files(in folder: URL) throws -> [String: Data] {
            let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
            return Dictionary(uniqueKeysWithValues: paths.compactMap { path in
                // A lock has no content.
                FileManager.default.contents(atPath: folder.appending(path: path).path).flatMap { $0.isEmpty ? nil : (path, $0) }
            })
        }

        @Test(arguments: ways)
        func `what was there is whole, and what failed is said`(_ way: Way) throws {
            let (done, _) = try run(way)
            #expect(done.program.status == 0, "\(done.program.errors)")
            for call in ["open", "write", "fsync", "close", "rename", "mkdir"] { try failEach(call, way, done) }
        }

        private func failEach(_ call: String, _ way: Way, _ done: Outcome) throws {
            for number in 1... {
                let (outcome, before) = try run(way, failing: call, at: number)
                // It makes no more of these calls.
                if !outcome.hasFailed { break }
                #expect(outcome.program.signal == nil, "\(call) \(number): \(outcome.program.errors)")
                if way.isOptional {
                    #expect(outcome.program.status == 0 && outcome.program.output == done.program.output, "\(call) \(number)")
                } else if outcome.program.status == 0 {
                    // Flushing the folder that a file was renamed in is best effort.
                    #expect(outcome.files == done.files, "\(call) \(number)")
                } else {
                    // A replay's report is its output.
                    #expect((outcome.program.errors + outcome.program.output).contains("cannot"), "\(call) \(number)")
                }
                check(outcome, before, done, "\(call) \(number)")
                #expect(outcome.files.keys.allSatisfy { !$0.hasSuffix(".tmp") && !$0.contains(".new") }, "\(call) \(number): \(outcome.files.keys)")
            }
        }

        /// Without memory a program may die; then too what was there is whole.
        @Test(arguments: ways)
        func `where memory ends while a file is written, what was there is whole`(_ way: Way) throws {
            let (done, _) = try run(way)
            var number = 1
            while true {
                let (outcome, before) = try run(way, failing: "memory", at: number)
                if !outcome.hasFailed { break }
                check(outcome, before, done, "memory \(number)")
                number *= 3
            }
        }

        /// Every file is as it was, or as it is when nothing fails.
        private func check(_ outcome: Outcome, _ before: [String: Data], _ done: Outcome, _ call: String) {
            for (name, data) in before { #expect(outcome.files[name] == data || outcome.files[name] == done.files[name], "\(call): \(name)") }
            for (name, data) in outcome.files where before[name] == nil && !name.hasSuffix(".tmp") {
                #expect(data == done.files[name], "\(call): \(name)")
            }
        }
    }
#endif
