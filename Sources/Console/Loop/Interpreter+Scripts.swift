extension Interpreter {
    /// How deep files may source files.
    private static let deepest = 16

    /// Runs the lines of a file.
    func runFile(_ path: String, keepsGoing: Bool) throws(ConsoleError) -> ConsoleStatus {
        if sourceDepth == Self.deepest { throw ConsoleError("\(path) would be read \(Self.deepest) files deep") }
        let bytes: [UInt8]
        do { bytes = try Files.bytes(of: path) } catch { throw ConsoleError("\(path) cannot be read: \(error.reason)") }
        sourceDepth += 1
        defer { sourceDepth -= 1 }
        var lines = ListedLines(bytes: bytes)
        return loop(sourceName: path, keepsGoing: keepsGoing).run(&lines)
    }

    /// A loop over lines that are not typed by somebody.
    func loop(sourceName: String?, hasLines: Bool = true, keepsGoing: Bool) -> CommandLoop {
        CommandLoop(
            sourceName: sourceName, hasLines: hasLines, keepsGoing: keepsGoing, prompt: { "" }, execute: executeUnattended,
            isFinished: { self.isFinished }, onSignal: note)
    }
}
