internal import Foundation
internal import Synchronization

/// A headless Chromium of its own, driven through the DevTools protocol, without network and without a trace of the
/// user's profile. It ends with `stop()`, and at the latest when this process does: its pipe then closes.
package final class Chromium: Sendable {
    let pipe: ChromiumPipe
    private let process: Process
    private let hasEnded = Mutex(false)

    /// The programs looked for, the first that exists is taken.
    private static var candidates: [String] {
        if let named = ProcessInfo.processInfo.environment["CIRCUIT_TRACER_CHROMIUM"] { return [named] }
        #if os(macOS)
            return ["Chromium", "Google Chrome"].map { "/Applications/\($0).app/Contents/MacOS/\($0)" }
        #else
            return ["/usr/bin/chromium"]
        #endif
    }

    private static var program: String? { candidates.first { FileManager.default.isExecutableFile(atPath: $0) } }

    /// Whether the tests can run. Only a Mac may be without: there no package manager's Chromium is ours to install.
    package static var isExpected: Bool {
        #if os(macOS)
            return program != nil
        #else
            return true
        #endif
    }

    /// Starts a browser; its profile is a folder that it removes when it ends, however this process ends.
    package static func start() async throws -> Chromium {
        guard let program else { throw ChromiumError.notInstalled(lookedAt: candidates) }
        let folder = FileManager.default.temporaryDirectory.appending(path: "circuit-tracer-chromium-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let browser = try Chromium(program, folder: folder)
        try await browser.pipe.send("Browser.getVersion")
        return browser
    }

    /// The protocol lies on descriptors 3 and 4, which `Process` cannot give away, but a shell can. The shell stays, removes
    /// the profile, a second later where the browser's log is wanted, and ends the browser when it is itself asked to end.
    private static let script = """
        folder=$1; shift
        exec 3<&0 4>&1 </dev/null >"$folder/log" 2>&1
        HOME="$folder" "$@" & browser=$!
        exec 3<&- 4>&-
        trap 'kill -9 $browser' TERM
        wait $browser || { wait $browser; sleep 1; }
        rm -rf "$folder" || { sleep 1; rm -rf "$folder"; }
        """

    private static let arguments = [
        "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
        "--no-default-browser-check", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--disable-domain-reliability", "--disable-extensions", "--disable-breakpad", "--no-pings", "--mute-audio",
        "--disable-default-apps", "--disable-background-timer-throttling", "--disable-backgrounding-occluded-windows",
        "--disable-renderer-backgrounding", "--disable-features=Translate,MediaRouter,OptimizationHints", "--hide-scrollbars",
        "--force-color-profile=srgb", "--no-proxy-server", "--password-store=basic", "--use-mock-keychain",
    ]

    private init(_ program: String, folder: URL) throws {
        let (toBrowser, fromBrowser) = (Pipe(), Pipe())
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", Self.script, "sh", folder.path, program, "--user-data-dir=\(folder.path)/profile"] + Self.arguments
        process.standardInput = toBrowser
        process.standardOutput = fromBrowser
        self.process = process
        pipe = ChromiumPipe(to: toBrowser.fileHandleForWriting, from: fromBrowser.fileHandleForReading) {
            (try? String(contentsOf: folder.appending(path: "log"), encoding: .utf8)).map { String($0.suffix(2000)) } ?? "nothing"
        }
        process.terminationHandler = { [weak self] _ in self?.hasEnded.withLock { $0 = true } }
        // Swift's worker threads block every signal and a child inherits that: the shell would wait for ever.
        var (none, old) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &old)
        defer { pthread_sigmask(SIG_SETMASK, &old, nil) }
        try process.run()
    }

    /// Ends the browser and waits for it: politely for some seconds, then not.
    package func stop() async {
        pipe.close()
        for wait in 0..<1000 where !hasEnded.withLock({ $0 }) {
            if wait == 500 { process.terminate() }
            try? await Task.sleep(for: .milliseconds(10))
        }
    }
}
