package import Checkpoints
internal import Downloads
package import Foundation

/// Where a session finds and keeps things, apart from what its user names.
package struct SessionEnvironment: Sendable {
    /// The hub's cache on this machine.
    package var hub: HubCache
    /// The folder with the bundled model, `model`, and its transcoders, `plt` and `clt`; nil if it is not installed.
    package var bundled: URL?
    /// Where runs are stored; nil to store none on disk.
    package var cache: URL?
    /// The user's folder of graphs; nil for none.
    package var graphs: URL?
    /// The folder of the user's labels; nil to keep none on disk.
    package var labels: URL?
    /// Where indexes of features are kept; nil for nowhere.
    package var indexes: URL?
    /// The user's home folder, for `~`.
    package var home: String
    /// How the hub is reached.
    var hubSettings = HubSettings()
    /// How much memory there is to take, in bytes; nil if nothing tells.
    var memory: @Sendable () -> Int? = availableMemory

    package init(
        hub: HubCache, bundled: URL?, cache: URL?, graphs: URL? = nil, labels: URL? = nil, indexes: URL? = nil, home: String
    ) {
        self.hub = hub
        self.bundled = bundled
        self.cache = cache
        self.graphs = graphs
        self.labels = labels
        self.indexes = indexes
        self.home = home
    }

    /// Of this process.
    package static var current: SessionEnvironment {
        let variables = ProcessInfo.processInfo.environment
        let home = variables["HOME"] ?? NSHomeDirectory()
        // The XDG rule: an empty or relative path counts as unset.
        func folder(_ variable: String, _ standard: String) -> URL {
            let parent = variables[variable].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home + standard
            return URL(filePath: parent + "/circuit-tracer")
        }
        let data = folder("XDG_DATA_HOME", "/.local/share")
        return SessionEnvironment(
            hub: HubCache(environment: variables), bundled: bundledFolder(), cache: folder("XDG_CACHE_HOME", "/.cache"),
            graphs: data.appending(path: "graphs"), labels: data.appending(path: "labels"), indexes: data.appending(path: "indexes"), home: home)
    }

    /// Beside the installed program (`PREFIX/share/circuit-tracer/atlas`), or in the source tree it was built in.
    private static func bundledFolder() -> URL? {
        guard let program = Bundle.main.executableURL?.resolvingSymlinksInPath() else { return nil }
        let isThere = { (folder: URL) in FileManager.default.fileExists(atPath: folder.appending(path: "model/config.json").path) }
        var folder = program.deletingLastPathComponent()
        let installed = folder.deletingLastPathComponent().appending(path: "share/circuit-tracer/atlas")
        if isThere(installed) { return installed }
        while folder.path != "/" {
            let inSources = folder.appending(path: "examples/atlas")
            if isThere(inSources) { return inSources }
            folder.deleteLastPathComponent()
        }
        return nil
    }
}
