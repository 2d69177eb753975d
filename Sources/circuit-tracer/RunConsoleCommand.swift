internal import ArgumentParser
internal import Console
internal import Workbench

/// Runs one command of the console on a session that is ready for it, and ends with its status.
///
/// - Parameter command: as it would be typed.
func runConsoleCommand(_ command: String, in session: Session, json: Bool) throws {
    var options = ConsoleOptions()
    options.loadsModel = false
    options.scripts = (json ? [.subcommand("format json")] : []) + [.subcommand(command)]
    throw ExitCode(runConsole(session: session, options: options, makeSession: freshSession))
}
