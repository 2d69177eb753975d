/// A question to whoever sits at the terminal; Enter means no.
struct Question {
    let text: TerminalText

    /// - Parameter onSignal: called with a signal that comes in place of an answer.
    /// - Throws: `CancellationError` after a signal.
    func isAgreed(wakeupPipe: WakeupPipe, onSignal: (Int32) -> Void) throws -> Bool {
        StandardStream.error.say("\(text) [y/N] ")
        var typed = PipedLines(descriptor: 0, wakeupPipe: wakeupPipe)
        switch typed.next(prompt: "") {
        case .line(let answer): return ["y", "yes"].contains(answer.lowercased())
        case .signal(let number):
            onSignal(number)
            StandardStream.error.say("\n")
            throw CancellationError()
        case .notUTF8: return false
        case .end, .unreadable:
            StandardStream.error.say("\n")
            return false
        }
    }
}
