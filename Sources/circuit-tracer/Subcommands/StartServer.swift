internal import ArgumentParser
internal import Console
internal import Foundation
internal import Workbench

/// Serves graphs that are there, without a model.
struct StartServer: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start-server",
        abstract: "Serve a folder of graphs to a browser.",
        discussion: "This shows graphs without a model. For interventions from the page, use `attribute --server`, or `serve` in the console.")

    @Option(
        name: [.customLong("graph_file_dir"), .customLong("graph-file-dir")],
        help: "The folder with SLUG.json files and graph-metadata.json.", completion: .directory)
    var graphFolder: String

    @OptionGroup var server: ServerOptions

    func run() throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: graphFolder, isDirectory: &isFolder), isFolder.boolValue else {
            write("error: \(graphFolder) is not a folder. `attribute --slug NAME --graph_file_dir \(graphFolder)` makes one with a graph in it.\n")
            throw ExitCode(2)
        }
        try serve(Session(), folder: graphFolder, slug: nil, options: server)
    }
}
