internal import ArgumentParser

/// The program as help, completions and the manual page offer it: the options of the console, which is what one gets without a
/// subcommand, are its own. Nothing is parsed with it, for a program's own options are taken from its subcommands' too.
struct OfferedProgram: ParsableCommand {
    static let configuration = CircuitTracer.configuration

    @OptionGroup var start: StartOptions

    /// Prints completions or the program's outline as JSON where the arguments ask for these, and ends.
    ///
    /// - Throws: what is wrong with how they ask, as with a shell that is not known.
    static func answer(_ arguments: [String]) throws {
        guard let first = arguments.first,
            first == "--experimental-dump-help" || first == "--generate-completion-script" || first.hasPrefix("--generate-completion-script=")
        else { return }
        do { _ = try parseAsRoot() } catch  where exitCode(for: error) == .success { exit(withError: error) }
    }
}
