package import Workbench

/// Prints what a session answered as the console's `plan` prints it.
///
/// - Returns: the exit status: 0; 1 where the graph does not fit, or the output cannot be written.
package func printReport(_ report: PlanReport, asJSON: Bool) -> Int32 { show(Output(report), of: .plan, asJSON: asJSON) }

/// Prints what a session answered as the console's `prune` prints it.
///
/// - Returns: the exit status: 0; 1 where the output cannot be written.
package func printReport(_ report: PruneReport, asJSON: Bool) -> Int32 { show(Output(report), of: .prune, asJSON: asJSON) }

/// Prints what a session answered as the console's `inspect` prints it.
///
/// - Returns: the exit status: 0; 1 where the output cannot be written.
package func printReport(_ report: InspectReport) -> Int32 { show(Output(report), of: .inspect, asJSON: false) }

/// Prints what a check of files found as the console's `check` prints it.
///
/// - Returns: the exit status: 0; 1 where a file is damaged, or the output cannot be written.
package func printReport(_ reports: [FileReport], asJSON: Bool) -> Int32 { show(Output(reports), of: .check, asJSON: asJSON) }

func show(_ output: Output, of command: Command, asJSON: Bool) -> Int32 {
    let printer = Printer.standard
    do throws(ConsoleError) {
        _ = try printer.show(output, of: command, as: asJSON ? .json : .table)
        if let refusal = output.refusal { throw ConsoleError(refusal) }
        return ConsoleStatus.success.rawValue
    } catch {
        printer.complain(Diagnostic(error: error, line: SourceLine("")))
        return ConsoleStatus.failure.rawValue
    }
}
