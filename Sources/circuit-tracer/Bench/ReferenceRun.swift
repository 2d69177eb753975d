internal import Benchmarks
internal import Foundation
internal import Workbench

/// Runs the reference in a Python that has it: `Tools/time_reference.py` of the source tree.
struct ReferenceRun: Sendable {
    let python: String

    /// - Throws: `SessionError` where there is no such script or Python, or it fails; `CancellationError`.
    func times(_ request: ReferenceTimes.Request, model: String, set: String) async throws -> ReferenceTimes {
        guard let script = Self.script else {
            throw SessionError("Tools/time_reference.py is not beside this program: --reference needs the source tree in which it was built.")
        }
        let process = Process()
        process.executableURL = URL(filePath: python)
        process.arguments = [script.path] + request.arguments(model: model, set: set)
        let (output, errors) = (Pipe(), Pipe())
        (process.standardOutput, process.standardError) = (output, errors)
        do { try process.run() } catch { throw SessionError("Cannot run \(python): \(error.localizedDescription). --reference names a Python.") }
        let said = await withTaskCancellationHandler {
            // Both at once, since either pipe can be full.
            async let complaint = Self.text(of: errors)
            let text = await Self.text(of: output)
            return (output: text, errors: await complaint)
        } onCancel: {
            process.terminate()
        }
        process.waitUntilExit()
        try Task.checkCancellation()
        let lines = said.output.split(separator: "\n")
        guard process.terminationStatus == 0, let line = lines.last, let times = ReferenceTimes(String(line), request) else {
            throw SessionError("The reference failed: " + Self.complaint(said.errors.split(separator: "\n").last, python))
        }
        return times
    }

    /// - Parameter line: the last that it said.
    private static func complaint(_ line: Substring?, _ python: String) -> String {
        guard let line else { return "it says nothing." }
        guard line.contains("ModuleNotFoundError") else { return "\(line)" }
        return "\(line). `\(python) -m pip install circuit-tracer==0.5.0 nnsight` installs it."
    }

    private static func text(of pipe: Pipe) async -> String {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(returning: String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self))
            }
        }
    }

    /// In the source tree, beside the bundled model's folder.
    private static var script: URL? {
        let file = SessionEnvironment.current.bundled?.appending(path: "../../Tools/time_reference.py").standardizedFileURL
        return file.flatMap { FileManager.default.fileExists(atPath: $0.path) ? $0 : nil }
    }
}
