import Foundation
import TestSupport
import Testing

/// The bench of made models, as its user runs it.
@Suite(.ownThreads) struct BenchTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func bench(_ arguments: String...) throws -> Program {
        try Program(["bench"] + arguments, variables: ["XDG_CACHE_HOME": folder["cache"].path])
    }

    private func record(forward: Double) throws -> String {
        try folder.write(
            """
            {"processor": "A processor", "memory_bytes_per_second": 1, "product_operations_per_second": 1, "measurements": [
              {"subject": "tiny", "step": "forward with activations, 13 tokens", "unit": "s", "value": 1, "bound": \(forward)}
            ]}
            """, to: "earlier.json"
        ).path
    }

    @Test func `a shape is made, timed, saved and compared`() throws {
        let saved = folder["now.json"].path
        let first = try bench("--shape", "tiny", "--quick", "--save", saved, "--check", record(forward: 1e-9))
        #expect(first.status == 0, "\(first.errors)")
        #expect(
            first.errors.contains("note: making the shape tiny, ") && first.errors.contains("note: the earlier run was on another processor: A processor\n"))
        let lines = first.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0].hasSuffix(" GFLOP/s in large products") && lines[2].hasPrefix("tiny  "))
        #expect(lines.contains { $0.hasPrefix("rows, 256 nodes, batch 32, 13 tokens  ") && $0.contains(" rows/s ") && $0.hasSuffix(" %") })
        #expect(lines.suffix(2) == ["1 step compared, 0 lost more than 15 %", ""])

        let again = try bench("--shape", "tiny", "--quick", "--check", record(forward: 1e9))
        #expect(again.status == 3 && !again.errors.contains("making"))
        #expect(
            again.output.contains("lost: tiny, forward with activations, 13 tokens: ") && again.output.hasSuffix("1 step compared, 1 lost more than 15 %\n"))
        #expect(try String(contentsOfFile: saved, encoding: .utf8).contains(#""step": "generation with an intervention""#))
    }

    @Test(arguments: [
        (["--shape", "llama"], "There is no shape llama. Shapes are llama-1b, llama-1b-clt, gemma-2-2b; `all` is all of them."),
        (["--quick"], "--quick is about made models or kernels: add --shape or --kernels."),
        (["--save", "x"], "--save is about made models or kernels: add --shape or --kernels."),
        (["--check", "x"], "--check is about made models or kernels: add --shape or --kernels."),
        (["--reference", "python3"], "--reference is about made models: add --shape."),
        (["--kernels", "--reference", "python3"], "--reference is about made models: add --shape."),
        (
            ["--shape", "tiny", "-t", "atlas/plt"],
            "A shape has its own transcoder set: --transcoder-set is for a bench without --shape and --kernels."
        ),
        (["--kernels", "--index"], "--index times a real model: it is for a bench without --shape and --kernels."),
    ])
    func `options that do not go together are refused`(_ arguments: [String], _ sentence: String) throws {
        let program = try Program(["bench"] + arguments)
        #expect(program.status == 2 && program.error == "Error: " + sentence, "\(program.errors)")
    }

    @Test func `a file that is not an earlier run is refused before anything is timed`() throws {
        let none = try bench("--shape", "tiny", "--check", "/no/such")
        #expect(none.status == 1 && none.errors == "error: Cannot read /no/such: No such file or directory. Check the path.\n" && none.output.isEmpty)
        let empty = try folder.write("{}", to: "empty.json").path
        let program = try bench("--shape", "tiny", "--check", empty)
        #expect(program.status == 1 && program.errors == "error: \(empty) has no processor.\n", "\(program.errors)")
    }

    @Test func `a Python without the reference is named, with what it needs`() throws {
        let script = try folder.write("#!/bin/sh\necho 'ModuleNotFoundError: No module named x' >&2\nexit 1\n", to: "python").path
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
        let program = try bench("--shape", "tiny", "--quick", "--reference", script)
        #expect(program.status == 1)
        #expect(
            program.errors.hasSuffix(
                "error: The reference failed: ModuleNotFoundError: No module named x. `\(script) -m pip install circuit-tracer==0.5.0 nnsight` installs it.\n"
            ), "\(program.errors)")
    }
}
