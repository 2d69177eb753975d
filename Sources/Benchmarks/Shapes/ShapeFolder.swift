internal import Checkpoints
internal import Downloads
package import Foundation

/// Where shapes are kept: `models/NAME` and `sets/NAME`, so that two sets can share a model. Each is made once, beside its place, and renamed.
package struct ShapeFolder: Sendable {
    private let folder: URL
    /// A folder with a tokenizer's files.
    private let tokenizer: URL

    /// - Parameters:
    ///   - folder: made where it is not there.
    ///   - tokenizer: whose files each model gets; the shape's vocabulary may be larger.
    package init(_ folder: URL, tokenizer: URL) {
        self.folder = folder
        self.tokenizer = tokenizer
    }

    package var path: String { folder.path }
    package func model(_ shape: Shape) -> URL { folder.appending(path: "models/\(shape.model.name)") }
    package func set(_ shape: Shape) -> URL { folder.appending(path: "sets/\(shape.set.name)") }

    /// The bytes that are not there yet.
    package func missingBytes(_ shape: Shape) -> Int { parts(shape).reduce(0) { $0 + $1.byteCount } }

    /// Makes what is not there.
    ///
    /// - Parameter progress: called with the bytes that are done.
    /// - Throws: `ShapeError` where the disk is too small, `CheckpointError`, `CancellationError`; nothing half made is left.
    package func make(_ shape: Shape, progress: (Int) -> Void = { _ in }) throws {
        let files = FileManager.default
        try files.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        guard let lock = try FileLock.attempt(folder.appending(path: ".lock")) else { throw ShapeError.beingMade(folder) }
        defer { withExtendedLifetime(lock) {} }
        // Nobody else makes any, so what has such a name was left by a process that was killed.
        for name in try files.contentsOfDirectory(atPath: folder.path) where name.hasPrefix(Self.unfinished) {
            try files.removeItem(at: folder.appending(path: name))
        }
        let parts = parts(shape)
        let needed = parts.reduce(0) { $0 + $1.byteCount }
        if let free = freeSpace(at: folder), free < needed { throw ShapeError.noSpace(shape.name, needed: needed, free: free, folder) }
        var done = 0
        for part in parts {
            let making = folder.appending(path: "\(Self.unfinished)\(part.place.lastPathComponent)")
            do {
                try files.createDirectory(at: making, withIntermediateDirectories: true)
                for (name, bytes) in part.texts { try bytes.write(to: making.appending(path: name)) }
                for (number, file) in part.weights.enumerated() {
                    try file.file.write(to: making.appending(path: file.name), seed: part.seed + UInt64(number)) {
                        done += $0
                        progress(done)
                    }
                }
                try files.createDirectory(at: part.place.deletingLastPathComponent(), withIntermediateDirectories: true)
                try files.moveItem(at: making, to: part.place)
            } catch {
                try? files.removeItem(at: making)
                throw error
            }
        }
    }

    private static let unfinished = ".making-"

    /// A model or a set that is not there yet.
    private struct Part {
        let place: URL
        /// Small files.
        let texts: [(name: String, bytes: Data)]
        let weights: [(name: String, file: WeightFile)]
        /// Of the first of them.
        let seed: UInt64

        var byteCount: Int { weights.reduce(0) { $0 + $1.file.byteCount } }
    }

    private func parts(_ shape: Shape) -> [Part] {
        let (model, set) = (model(shape), set(shape))
        let tokenizerFiles = ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"].compactMap { name in
            (try? Data(contentsOf: tokenizer.appending(path: name))).map { (name, $0) }
        }
        let parts = [
            Part(
                place: model, texts: [("config.json", Data(shape.model.config))] + tokenizerFiles,
                weights: [("model.safetensors", WeightFile(tensors: shape.model.tensors))], seed: 1),
            Part(
                place: set, texts: [("config.yaml", Data(shape.set.config(shape.model, at: "../models/\(shape.model.name)").utf8))],
                weights: shape.set.files(shape.model).map { ($0.name, WeightFile(tensors: $0.tensors)) }, seed: 1001),
        ]
        return parts.filter { !FileManager.default.fileExists(atPath: $0.place.path) }
    }
}

/// Why a shape cannot be made.
package enum ShapeError: Error, Equatable, CustomStringConvertible {
    case beingMade(URL)
    case noSpace(String, needed: Int, free: Int, URL)

    package var description: String {
        switch self {
        case .beingMade(let folder): "Another process is making shapes in \(folder.path). Try again when it is done."
        case .noSpace(let name, let needed, let free, let folder):
            "The shape \(name) needs \(byteText(needed)) in \(folder.path), where \(byteText(free)) are free. XDG_CACHE_HOME names another folder."
        }
    }
}
