import CReadline
import Synchronization

/// Lines typed at a terminal, with GNU readline's editing, history and completion.
///
/// All that touches readline is in this file, and runs on the main thread. Readline is driven through its callbacks, so
/// that the main thread waits for keys and signals alike.
struct ReadlineSource: LineSource {
    private let wakeupPipe: WakeupPipe
    private let history: HistoryFile?
    /// What readline's history holds, in its order.
    private var entries: [String]
    /// The rest of several lines that were pasted at once; readline takes those for one.
    private var pasted: ArraySlice<String> = []

    /// - Parameter complete: the words that can follow the first text and begin with the second.
    init(wakeupPipe: WakeupPipe, history: HistoryFile?, complete: @escaping @Sendable (String, String) -> Completions) {
        self.wakeupPipe = wakeupPipe
        self.history = history
        entries = history?.load() ?? []
        TextLocale.useUTF8()
        editor.withLock { $0.complete = complete }
        ct_readline_setup("circuit-tracer", { text, start, _ in completionMatches(text, from: Int(start)) }) { matches in
            if let matches { pruneFileNames(matches) }
            return 0
        }
        using_history()
        entries.forEach { add_history($0) }
    }

    mutating func next(prompt: String) -> LineRead {
        // Who stops one of several means them all.
        if wakeupPipe.wasInterrupted() { pasted = [] }
        if let line = pasted.popFirst() { return .line(line) }
        editor.withLock { $0.line = nil }
        rl_callback_handler_install(prompt) { line in
            editor.withLock { $0.line = line.map { String(validatingCString: $0).map(LineRead.line) ?? .notUTF8 } ?? .end }
            free(line)
            // At once: else readline shows the next prompt before the command has run.
            rl_callback_handler_remove()
        }
        while true {
            switch wakeupPipe.wait(watching: 0) {
            case .readable:
                rl_callback_read_char()
                guard let read = editor.withLock({ $0.line }) else { continue }
                if read == .end { StandardStream.output.say("\n") }
                guard case .line(let line) = read else { return read }
                pasted = Self.lines(of: line)
                return .line(pasted.removeFirst())
            case .signal(let number):
                // Before readline moves the cursor away.
                if number == CommandLoop.interrupt { StandardStream.output.say("^C") }
                ct_abandon_line()
                rl_callback_handler_remove()
                StandardStream.output.say("\n")
                return .signal(number)
            case .resumed: ct_resume()
            case .done: continue
            }
        }
    }

    /// The lines of what was typed or pasted, at least one.
    static func lines(of text: String) -> ArraySlice<String> {
        let lines = text.split(whereSeparator: \.isNewline).map(String.init)
        return lines.isEmpty ? [""] : lines[...]
    }

    mutating func remember(_ command: String) {
        guard let line = HistoryFile.line(for: command), HistoryFile.keeps(line) else { return }
        if entries.last == line { return }
        if let old = entries.firstIndex(of: line) {
            entries.remove(at: old)
            ct_remove_history(Int32(old))
        }
        entries.append(line)
        add_history(line)
        // The console works without a history.
        try? history?.append(line)
    }
}

/// What readline's callbacks, which are plain C functions, read and write.
private struct Editor {
    var complete: @Sendable (String, String) -> Completions = { _, _ in .words([]) }
    /// The line that was finished.
    var line: LineRead?
    /// Matches that readline has yet to fetch.
    var matches: ArraySlice<String> = []
}

private let editor = Mutex(Editor())

private typealias Matches = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

/// - Parameter start: where the word to complete begins, in bytes of readline's line.
private func completionMatches(_ text: UnsafePointer<CChar>?, from start: Int) -> Matches? {
    guard let text, let buffer = ct_line_buffer() else { return nil }
    let line = String(cString: buffer)
    let before = String(decoding: line.utf8.prefix(start), as: UTF8.self)
    let complete = editor.withLock(\.complete)
    switch complete(before, String(cString: text)) {
    case .files:
        ct_completion_sorts(1)
        return nil
    case .words(let all):
        ct_completion_is_over()
        let words = all.filter(TerminalText.showsAsItIs)
        if words.isEmpty { return nil }
        ct_completion_sorts(0)
        if words.count == 1, words[0].hasPrefix("\"") { ct_completion_suppress_quote() }
        // The arguments of a call follow it without a space.
        if words.count == 1, words[0].hasSuffix("(") { ct_completion_append(0) }
        editor.withLock { $0.matches = words[...] }
        return rl_completion_matches(text) { _, _ in editor.withLock { strdup($0.matches.popFirst()) } }
    }
}

/// Takes names out that a terminal would act on: readline shows and inserts them as they are.
///
/// - Parameter matches: one, or what all have in common and then each; readline works out again what is in common.
private func pruneFileNames(_ matches: Matches) {
    let all = Array(sequence(first: 0) { $0 + 1 }.lazy.map { matches[$0] }.prefix { $0 != nil })
    let (common, names) = all.count > 1 ? (all[0], all[1...]) : (nil, all[...])
    let kept = names.filter { TerminalText.showsAsItIs(String(cString: $0!)) }
    if kept.count == names.count { return }
    for name in names where !kept.contains(name) { free(name) }
    let left = kept.count > 1 ? [common] + kept : kept
    if kept.count < 2 { free(common) }
    for (index, match) in (left + [nil]).enumerated() { matches[index] = match }
}

/// A copy that readline frees.
private func strdup(_ text: String?) -> UnsafeMutablePointer<CChar>? {
    text.flatMap { CReadline.strdup($0) }
}
