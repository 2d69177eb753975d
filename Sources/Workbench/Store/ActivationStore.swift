internal import Checkpoints
internal import Foundation
internal import Replacement
internal import Transformers

/// Prompts' recorded runs and sparse features, so that a prompt seen before is not run or encoded again: the last few in
/// memory, and more on disk, where earlier processes left theirs.
///
/// A file is written beside and renamed, so that two processes never see half of one; what does not read back as it was
/// written is dropped and computed anew.
struct ActivationStore {
    /// Where the files lie; nil keeps nothing on disk.
    let folder: URL?
    /// The files' bytes, all together; beyond it the longest unused go first.
    let limitBytes: Int
    private(set) var hits = 0
    private(set) var misses = 0
    /// Damaged files met and removed.
    private(set) var dropped = 0
    private var recent: [(key: String, run: RunArchive)] = []

    private static let recentCount = 8
    static let defaultLimitBytes = 1 << 30

    init(folder: URL?, limitBytes: Int = defaultLimitBytes) {
        self.folder = folder
        self.limitBytes = limitBytes
    }

    /// The run stored under `key`, or the one that `compute` makes, stored from then on.
    ///
    /// - Returns: the run, and whether it was there.
    mutating func run(_ key: String, layers: Int, compute: () throws -> RunArchive) rethrows -> (run: RunArchive, wasStored: Bool) {
        if let known = recall(key) ?? read(key, layers: layers) {
            hits += 1
            remember(key, known)
            return (known, true)
        }
        let run = try compute()
        misses += 1
        remember(key, run)
        write(key, run)
        return (run, false)
    }

    // MARK: - Memory

    private func recall(_ key: String) -> RunArchive? { recent.first { $0.key == key }?.run }

    private mutating func remember(_ key: String, _ run: RunArchive) {
        recent.removeAll { $0.key == key }
        recent.insert((key, run), at: 0)
        if recent.count > Self.recentCount { recent.removeLast() }
    }

    // MARK: - Disk

    private func file(_ key: String) -> URL? {
        var hash = StableHash()
        hash.combine(key)
        return folder?.appending(path: "run-\(String(hash.value, radix: 16)).safetensors")
    }

    private mutating func read(_ key: String, layers: Int) -> RunArchive? {
        guard let file = file(key), FileManager.default.fileExists(atPath: file.path) else { return nil }
        do {
            let run = try RunArchive(reading: file, key: key, layers: layers)
            // Last used now, so that others go first.
            try? FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: file.path)
            return run
        } catch RunArchive.Damage.anotherKey {
            return nil  // two keys with one hash: the newer run will take the place
        } catch {
            dropped += 1
            try? FileManager.default.removeItem(at: file)
            return nil
        }
    }

    /// A cache that cannot be written, on a full or read-only disk, only costs time.
    private func write(_ key: String, _ run: RunArchive) {
        guard let folder, let file = file(key) else { return }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try run.write(to: file, key: key)
        } catch { return }
        evict(keeping: file)
    }

    /// Removes the longest unused files until the rest is within the limit.
    private func evict(keeping newest: URL) {
        var files = entries().sorted { $0.used < $1.used }
        var total = files.reduce(0) { $0 + $1.bytes }
        while total > limitBytes, let oldest = files.first {
            files.removeFirst()
            guard oldest.url.lastPathComponent != newest.lastPathComponent else { continue }
            // Another process may have removed it already.
            try? FileManager.default.removeItem(at: oldest.url)
            total -= oldest.bytes
        }
    }

    /// The files on disk.
    func entries() -> [(url: URL, bytes: Int, used: Date)] {
        guard let folder,
            let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        else { return [] }
        return names.filter { $0.hasPrefix("run-") && $0.hasSuffix(".safetensors") }.compactMap { name in
            let url = folder.appending(path: name)
            guard let attributes = try? FileManager.default.attributesOfItem(atPath: url.path),
                let bytes = attributes[.size] as? Int, let used = attributes[.modificationDate] as? Date
            else { return nil }
            return (url, bytes, used)
        }
    }
}
