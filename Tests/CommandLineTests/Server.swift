import Foundation
import TestSupport
import Testing

/// A program that serves until the value goes.
final class Server {
    let said: String
    let port: Int
    private let process = Process()

    /// What it said, by lines. Some are of the machine, as how it is reached by ssh.
    var lines: [String] { said.split(separator: "\n").map(String.init) }

    /// - Parameter command: of a shell, in which `$0` is the program.
    init(_ command: String, _ arguments: String..., variables: [String: String] = [:]) throws {
        let errors = Pipe()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", command, Program.url.path] + arguments
        process.environment = Program.environment.merging(variables) { $1 }
        process.standardError = errors
        try process.run()
        var said = Data()
        while !String(decoding: said, as: UTF8.self).contains("Ctrl-C stops it.") {
            let more = errors.fileHandleForReading.availableData
            if more.isEmpty { break }
            said += more
        }
        let text = String(decoding: said, as: UTF8.self)
        self.said = text
        port = try #require(text.firstMatch(of: /localhost:(\d+)\//).flatMap { Int($0.1) }, "\(text)")
    }

    deinit {
        // Others may be blocked: a process inherits that from the thread which starts it.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
