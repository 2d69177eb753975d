#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif
package import Workbench

/// Loads what the options name and answers requests, a JSON object a line, until they end.
///
/// Call it as `runConsole`. Nothing but answers and events goes to standard output, and nothing to standard error once it has started.
///
/// - Returns: the exit status: 0 fine, whatever the answers say; 1 answers cannot be written; 2 wrong usage or a model that does not load; 130 interrupted
///   while nothing ran.
package func runRequests(
    session: Session, options: ConsoleOptions, viewer: (any ViewerHost)? = nil, makeSession: @escaping SessionFactory
) -> Int32 {
    let wakeupPipe = WakeupPipe()
    wakeupPipe.receive([SIGINT])
    ignoreSignalsOfWriting()
    let printer = Printer.standard
    do { _ = try InputFile(descriptor: 0) } catch {
        printer.complain(Diagnostic(error: ConsoleError("Standard input cannot be read: \(error)"), line: SourceLine("", number: nil)))
        return ConsoleStatus.usage.rawValue
    }
    let console = Interpreter(
        session: session, viewer: viewer, makeSession: makeSession, printer: printer, waiter: Waiter(wakeupPipe: wakeupPipe),
        // Nobody can be asked.
        downloads: options.downloads == .ask ? .fetch : options.downloads)
    var notices: [String] = []
    let status = console.load(options) { notices.append($0) }
    if status != .success { return status.rawValue }
    return RequestLoop(console: console, inbox: RequestInbox(input: 0, output: 1), channel: .standard).run(notices: notices).rawValue
}
