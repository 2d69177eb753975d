internal import ArgumentParser
internal import Foundation
internal import Workbench

/// Lets what is wrong with a word of the command line be wrong usage.
func inUsage<Result>(_ body: () throws(SessionError) -> Result) throws -> Result {
    do throws(SessionError) { return try body() } catch { throw ValidationError("\(error)") }
}

/// Where graphs go.
struct OutputOptions: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("graph_output_path"), .customLong("graph-output-path"), .customLong("output")],
        help: "The file to write the whole graph to.", completion: .file())
    var output: String?

    @Option(help: "The graph's name: the file in --graph_file_dir is SLUG.json.")
    var slug: String?

    @Option(
        name: [.customLong("graph_file_dir"), .customLong("graph-file-dir")],
        help: "The folder to write SLUG.json and graph-metadata.json to.", completion: .directory)
    var graphFolder: String?

    func validate() throws {
        if output == nil, slug == nil || graphFolder == nil {
            let missing =
                switch (slug, graphFolder) {
                case (nil, nil): ""
                case (nil, _): " --slug is missing."
                default: " --graph_file_dir is missing."
                }
            throw ValidationError("--graph_output_path is required when not creating graph files (--slug and --graph_file_dir).\(missing)")
        }
        guard let output else { return }
        let url = URL(filePath: output)
        // Without an ending it is the reference's file, as there.
        let form = try url.pathExtension.isEmpty ? .torch : inUsage { () throws(SessionError) in try GraphForm(ofFile: output) }
        if form == .document {
            throw ValidationError("--graph_output_path \(output) would be the whole graph; --slug and --graph_file_dir write the JSON of viewers.")
        }
        var isFolder: ObjCBool = false
        let folder = url.deletingLastPathComponent().standardizedFileURL.path
        if let graphFolder, URL(filePath: graphFolder).standardizedFileURL.path == folder { return }
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            throw ValidationError("--graph_output_path \(output): there is no folder \(folder).")
        }
    }

    /// What does nothing without the other.
    var notices: [String] {
        if let slug, graphFolder == nil { return ["--slug \(slug) without --graph_file_dir does nothing; both make graph files"] }
        if let graphFolder, slug == nil { return ["--graph_file_dir \(graphFolder) without --slug does nothing; both make graph files"] }
        return []
    }
}
