/// Where the console's words go: data one way, everything else the other.
struct Printer {
    /// Prints data; answers why it could not.
    let data: (TerminalText) -> SystemFailure?
    /// Prints notices and errors.
    let message: (TerminalText) -> Void
    var dataStyle: () -> RenderingStyle = { .plain }
    var messagePalette = Palette.plain

    /// Prints something worth knowing that is no error.
    func note(_ sentence: String) { message("note: \(shownMessage(sentence))\n") }

    /// Prints what a command answers, its notices among the messages.
    ///
    /// - Returns: false for a reader that has gone, as `head` does.
    /// - Throws: where the data cannot be written.
    func show(_ output: Output, of command: Command, as format: OutputFormat) throws(ConsoleError) -> Bool {
        output.notices.forEach(note)
        let text: TerminalText = output.parts.isEmpty ? "" : output.rendered(as: format, command: command.name, style: dataStyle())
        guard !text.isEmpty, let failure = data(text) else { return true }
        if !failure.isClosedPipe { throw ConsoleError("The output cannot be written: \(failure.reason)") }
        return false
    }

    /// The same with data among the messages.
    var withDataAsMessages: Printer {
        let message = message
        return Printer(
            data: { text in
                message(text)
                return nil
            }, message: message, messagePalette: messagePalette)
    }

    /// Data to standard output, messages to standard error; colours where these are terminals.
    static var standard: Printer {
        Printer(
            data: { text in
                do throws(SystemFailure) { try StandardStream.output.write(text) } catch { return error }
                return nil
            },
            message: StandardStream.error.say,
            // Asked each time: a window changes its size.
            dataStyle: { RenderingStyle(width: Terminal.width(of: 1), palette: Terminal.palette(for: 1), glyphs: TextLocale.isUTF8 ? .blocks : .ascii) },
            messagePalette: Terminal.palette(for: 2))
    }
}
