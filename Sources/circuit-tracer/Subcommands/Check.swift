internal import ArgumentParser
internal import Console
internal import Foundation
internal import Workbench

/// Says whether files are whole.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check whether files are intact: graphs, weights, archives, configs, transcripts, downloads.",
        discussion: "In a folder, every file of a known kind is checked. The exit status is 1 if one is damaged.")

    @Argument(help: "Files and folders.", completion: .file())
    var files: [String]

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let (session, paths) = (Session(), files)
        let reports = try reportingFailure(status: 1) { progress in
            var files: [URL] = []
            for path in paths { files.append(await session.urlToRead(path)) }
            return try FileCheck.ofTranscriptsToo.reports(on: files, progress: progress)
        }
        throw ExitCode(printReport(reports, asJSON: json))
    }
}
