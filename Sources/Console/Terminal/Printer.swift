/// Where the console's words go: data one way, everything else the other.
struct Printer {
    /// Prints data; answers why it could not.
    let data: (TerminalText) -> SystemFailure?
    /// Prints notices and errors.
    let message: (TerminalText) -> Void
    var dataStyle: () -> RenderingStyle = { .plain }
    var messagePalette = Palette.plain
    /// Columns that messages flow into; nil, where they do not go to a terminal, leaves each on one line.
    var messageWidth: () -> Int? = { nil }

    /// Prints something worth knowing that is not an error.
    func note(_ sentence: String) { flow("note: \(shownMessage(sentence))", indentation: "  ") }

    /// Prints a message on as many lines as it takes.
    ///
    /// - Parameter indentation: of the lines after the first.
    func flow(_ text: String, indentation: String = "") {
        let lines = messageWidth().map { text.wrapped(toWidth: $0, indentation: indentation) } ?? [text]
        message(lines.map { "\($0)\n" }.joined())
    }

    /// Prints what is wrong with a line.
    func complain(_ diagnostic: Diagnostic) { message(diagnostic.rendered(palette: messagePalette, width: messageWidth())) }

    /// Prints what a command answers, its notices among the messages.
    ///
    /// - Parameters:
    ///   - diagnostic: why the command has failed all the same; in json it is beside the data.
    ///   - pager: what shows the data where it does not fit the screen.
    /// - Returns: false for a reader that has gone, as `head` does.
    /// - Throws: where the data cannot be written.
    func show(
        _ output: Output, of command: Command, as format: OutputFormat, failing diagnostic: Diagnostic? = nil, through pager: Pager? = nil
    ) throws(ConsoleError) -> Bool {
        output.notices.forEach(note)
        let text: TerminalText =
            if format == .json, let diagnostic {
                TerminalText(json: output.json(command: command.name, error: diagnostic))
            } else {
                output.parts.isEmpty ? "" : output.rendered(as: format, command: command.name, style: dataStyle())
            }
        if text.isEmpty || pager?.show(text) == true { return true }
        guard let failure = data(text) else { return true }
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
            }, message: message, messagePalette: messagePalette, messageWidth: messageWidth)
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
            dataStyle: { RenderingStyle(width: Terminal.width(of: 1), palette: Terminal.palette(for: 1), glyphs: Terminal.glyphs(for: 1)) },
            messagePalette: Terminal.palette(for: 2), messageWidth: { Terminal.width(of: 2) })
    }
}
