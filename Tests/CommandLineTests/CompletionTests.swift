import Foundation
import TestSupport
import Testing

/// The completions of shells, which are installed.
@Suite(.ownThreads) struct CompletionTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        #expect(try Program(shell: #"for s in bash zsh fish; do "$CT" --generate-completion-script $s >script.$s || exit 1; done"#, in: folder.url).status == 0)
    }

    @Test(arguments: [
        ("circuit-tracer att", ["attribute"]),
        // The console's, which one gets without a subcommand.
        ("circuit-tracer --trans", ["--transcoder-set", "--transcoder_set"]),
        ("circuit-tracer -c pr", ["probs", "prompt", "prune"]),
        ("circuit-tracer attribute --dtype bf", ["bf16", "bfloat16"]),
        ("circuit-tracer -t atlas/plt --keep", ["--keep-going"]),
        ("circuit-tracer check scr", ["script.bash", "script.fish", "script.zsh"]),
    ])
    func `bash completes`(_ line: String, _ words: [String]) throws {
        let program = try Program(
            shell: #"""
                bash -c '
                    . ./script.bash
                    read -ra COMP_WORDS <<<"$LINE"
                    COMP_LINE=$LINE COMP_POINT=${#LINE} COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                    _circuit-tracer circuit-tracer "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
                    printf "%s\n" "${COMPREPLY[@]}" | sed "s/ *$//" | sort'
                """#,
            in: folder.url, variables: ["LINE": line, "LC_ALL": "C"])
        #expect(program.output.split(separator: "\n").map(String.init) == words, "\(program.errors)")
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func `the script is one that its shell reads`(_ shell: String) throws {
        let check = try Program(shell: "command -v \(shell) >/dev/null || exit 0; exec \(shell) -n script.\(shell)", in: folder.url)
        #expect(check.status == 0 && check.errors == "")
    }

    @Test func `an unknown shell is wrong usage`() throws {
        let program = try Program("--generate-completion-script", "tcsh")
        #expect(program.status == 2 && program.output == "" && !program.error.isEmpty)
    }
}
