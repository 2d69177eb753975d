internal import ArgumentParser
internal import Console
internal import Workbench

/// Serves a folder of graphs until Ctrl-C.
func serve(_ session: Session, folder: String, slug: String?, options: ServerOptions) throws {
    let viewers = Viewers()
    let report = try reportingFailure(status: 1) { _ in
        let folder = try await session.graphFolder(folder)
        return try await viewers.start(
            ServeRequest(folder: folder, port: options.port, host: options.host, opensBrowser: !options.noBrowser, slug: slug),
            session: session)
    }
    write("serving \(folder) at \(report.url)\n")
    for notice in report.notices { write("\(notice)\n") }
    write("Ctrl-C stops it.\n")
    do {
        try runOperation { _ in while true { try await Task.sleep(for: .seconds(3600)) } }
    } catch is CancellationError {
        _ = try? runOperation { _ in await viewers.stop() }
        write("stopped\n")
    }
}
