extension Command {
    static let source = Command(
        "source", group: .scripts, summary: "Run the commands of a file",
        detail: """
            Runs the commands in this session. Stops at the first error and at Ctrl-C, and says where; the effects of
            earlier lines stay. From a transcript, the commands are run, not their outputs. If some of them write files
            or run other commands, a terminal asks first and a script refuses. FILE may be a pipe.
            """,
        parameters: [.required("FILE", .file)], staysOutOfTranscripts: true,
        action: .console { arguments, console in
            let status = try console.runFile(arguments.positionals[0].text, keepsGoing: false)
            if status != .success { throw SilentFailure(status: status) }
            return Output()
        })

    static let shell = Command(
        "shell", group: .console, aliases: ["!"], summary: "Run a line in your shell", usage: ["!LINE", "shell LINE"],
        detail: """
            Uses $SHELL, or /bin/sh. A status other than 0 is an error.
            """,
        examples: [Example("!ls *.safetensors", "a shell's command")], takesRawLine: true, staysOutOfTranscripts: true,
        action: .console { arguments, console in
            let status: Int32
            do throws(SystemFailure) { status = try runInShell(String(arguments.rawText)) } catch {
                throw ConsoleError("The shell cannot be started: \(error.reason)")
            }
            // Ctrl-C was the shell's as well as ours.
            let signals = console.waiter.wakeupPipe.pendingSignals()
            signals.forEach(console.note)
            if signals.contains(CommandLoop.interrupt) {
                console.printer.message("\n")
                throw SilentFailure(status: .interrupted)
            }
            if status != 0 { throw ConsoleError("The shell's command ended with status \(status)") }
            return Output()
        })
}
