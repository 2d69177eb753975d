internal import Console
internal import Workbench

/// Starts the server and stops it: what is in its way is better known before the work than after it.
func tryServing(_ session: Session, folder: String, options: ServerOptions) throws {
    let features = options.featuresFolder
    try reportingFailure(status: 2) { _ in
        if let features { _ = try await session.checkEvidence(in: features) }
        let viewers = Viewers()
        _ = try await viewers.start(
            options.request(folder: try await session.graphFolder(folder), opensBrowser: false, slug: nil),
            session: session)
        _ = await viewers.stop()
    }
}

/// Serves a folder of graphs until Ctrl-C.
func serve(_ session: Session, folder: String, slug: String?, options: ServerOptions) throws {
    let (viewers, features) = (Viewers(), options.featuresFolder)
    let report = try reportingFailure(status: 1) { _ in
        if let features { try await session.useEvidence(in: features) }
        let folder = try await session.graphFolder(folder)
        return try await viewers.start(
            options.request(folder: folder, opensBrowser: !options.noBrowser, slug: slug), session: session)
    }
    write("serving \(folder) at \(report.url)\n")
    for notice in report.notices { write("\(shownMessage(notice))\n") }
    write("Ctrl-C stops it.\n")
    do {
        try runOperation { _ in while true { try await Task.sleep(for: .seconds(3600)) } }
    } catch is CancellationError {
        _ = try? runOperation { _ in await viewers.stop() }
        write("stopped\n")
    }
}
