import Foundation
import TestSupport

/// The built program, run as a user's shell runs it.
struct Program {
    let status: Int32
    /// What killed it.
    let signal: Int32?
    let output: String
    let errors: String

    /// The first line of its errors; after wrong usage the parser says more.
    var error: String { String(errors.prefix { $0 != "\n" }) }

    /// - Parameters:
    ///   - input: of standard input.
    ///   - variables: besides the usual environment.
    init(_ arguments: String..., input: String = "", variables: [String: String] = [:]) throws {
        try self.init(arguments, input: Array(input.utf8), variables: variables)
    }

    init(_ arguments: [String], input: [UInt8] = [], variables: [String: String] = [:]) throws {
        try self.init(Self.url, arguments, input: input, variables: variables, folder: nil)
    }

    /// Lines of a shell, in which `$CT` is the program.
    ///
    /// - Parameter folder: the working folder.
    init(shell lines: String, in folder: URL? = nil, variables: [String: String] = [:]) throws {
        try self.init(
            URL(filePath: "/bin/sh"), ["-c", lines], input: [], variables: variables.merging(["CT": Self.url.path]) { $1 }, folder: folder)
    }

    private init(_ program: URL, _ arguments: [String], input: [UInt8], variables: [String: String], folder: URL?) throws {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        if let folder { process.currentDirectoryURL = folder }
        process.environment = Self.environment.merging(variables) { $1 }
        let (standardInput, output, errors) = (Pipe(), Pipe(), Pipe())
        (process.standardInput, process.standardOutput, process.standardError) = (standardInput, output, errors)
        try process.run()
        try standardInput.fileHandleForWriting.write(contentsOf: Data(input))
        try standardInput.fileHandleForWriting.close()
        // Outputs are far smaller than a pipe holds.
        process.waitUntilExit()
        status = process.terminationStatus
        signal = process.terminationReason == .uncaughtSignal ? status : nil
        self.output = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        self.errors = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }

    /// Beside the tests.
    static let url = Bundle.main.executableURL!.deletingLastPathComponent().appending(path: "circuit-tracer")

    /// The fixtures as the hub's cache, nothing of the user's, no network.
    static let environment = ProcessInfo.processInfo.environment.merging([
        "HF_HUB_CACHE": Fixtures.folder.appending(path: "hub").path, "HF_HUB_OFFLINE": "1",
        "XDG_CACHE_HOME": FileManager.default.temporaryDirectory.path + "/circuit-tracer-tests",
        "XDG_DATA_HOME": FileManager.default.temporaryDirectory.path + "/circuit-tracer-tests",
        "XDG_CONFIG_HOME": FileManager.default.temporaryDirectory.path + "/circuit-tracer-tests",
        "CIRCUIT_TRACER_NOHISTORY": "1", "NO_COLOR": "1", "no_proxy": "127.0.0.1",
    ]) { $1 }
}
