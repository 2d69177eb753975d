internal import Checkpoints
internal import Foundation
internal import Transformers

/// Prompts' recorded runs and sparse features, so that a prompt seen before is not run or encoded again: the last few in
/// memory, as far as they are small, and more on disk, where earlier processes left theirs.
///
/// A file is written beside and renamed, so that two processes never see half of one; what does not read back as it was
/// written is dropped and computed again.
struct ActivationStore {
    /// The folder of the files; nil keeps nothing on disk.
    private let folder: StoreFolder?
    /// The files' bytes, all together; beyond it the longest unused go first.
    let limitBytes: Int
    private(set) var hits = 0
    private(set) var misses = 0
    /// Damaged files met and removed.
    private(set) var dropped = 0
    private var hasSaidRefusal = false
    /// Whether what is there stays: a new run is kept only where there is room.
    var isSparing = false
    private var recent: [(key: String, run: RunArchive)] = []

    private static let recentCount = 8
    /// The most bytes of those in memory, without the last one, which is in use.
    private let recentBytes: Int

    static let defaultRecentBytes = 512 << 20
    static let defaultLimitBytes = 1 << 30

    init(folder: URL?, limitBytes: Int = defaultLimitBytes, recentBytes: Int = defaultRecentBytes) {
        self.folder = folder.map(StoreFolder.init)
        self.limitBytes = limitBytes
        self.recentBytes = recentBytes
    }

    /// The run stored under `key`, or the one that `compute` makes, stored from then on. A run that is not all numbers is not
    /// stored: what is wrong with it is found again.
    ///
    /// - Parameter shape: what a run under that key must be.
    /// - Returns: the run, and whether it was there.
    mutating func run(_ key: String, shape: RunShape, compute: () throws -> RunArchive) rethrows -> (run: RunArchive, wasStored: Bool) {
        if let known = recall(key) ?? read(key, shape) {
            hits += 1
            if !isSparing { remember(key, known) }
            return (known, true)
        }
        let run = try compute()
        misses += 1
        guard run.isFinite else { return (run, false) }
        if !isSparing { remember(key, run) }
        write(key, run)
        return (run, false)
    }

    /// Removes a run that turned out not to be one.
    mutating func forget(_ key: String) {
        recent.removeAll { $0.key == key }
        if let folder = folder?.usable { drop(Self.file(key, in: folder)) }
    }

    /// That nothing is stored on disk, and why; once.
    mutating func notice() -> String? {
        guard !hasSaidRefusal, let refusal = folder?.refusal else { return nil }
        hasSaidRefusal = true
        return refusal
    }

    /// Why nothing is stored on disk; nil if something is or can be.
    var refusal: String? { folder?.refusal }

    /// Removes all runs, in memory and on disk, and what killed processes have left half written.
    ///
    /// - Returns: how many there were on disk, and the bytes of all that went.
    mutating func clear() -> (count: Int, bytes: Int) {
        recent = []
        let before = usedBytes
        if let folder = folder?.usable { AtomicFile.sweep(folder) }
        // Another process may have removed one already.
        let count = entries().count { unlink($0.url.path) == 0 }
        return (count, max(0, before - usedBytes))
    }

    /// What a stored run is of; nil if its file does not say.
    static func key(of file: URL) -> RunKey? {
        (try? TensorArchive(safetensors: file).metadata["key"]).flatMap { RunKey($0) }
    }

    // MARK: - Memory

    private func recall(_ key: String) -> RunArchive? { recent.first { $0.key == key }?.run }

    /// Of the runs in memory of the same model and set, the one that shares the most first tokens with a prompt; nil if none shares any.
    func longestBeginning(of key: RunKey) -> RunArchive? {
        let runs = recent.filter { RunKey($0.key)?.identity == key.identity }.map(\.run)
        let longest = runs.max { $0.record.sharedTokens(with: key.tokens) < $1.record.sharedTokens(with: key.tokens) }
        return longest.flatMap { $0.record.sharedTokens(with: key.tokens) > 0 ? $0 : nil }
    }

    private mutating func remember(_ key: String, _ run: RunArchive) {
        recent.removeAll { $0.key == key }
        recent.insert((key, run), at: 0)
        while recent.count > Self.recentCount || recent.dropFirst().reduce(0, { $0 + $1.run.bytes }) > recentBytes { recent.removeLast() }
    }

    // MARK: - Disk

    private static func file(_ key: String, in folder: URL) -> URL {
        var sum = Checksum()
        sum.update(key)
        return folder.appending(path: "run-\(sum.text).safetensors")
    }

    private mutating func read(_ key: String, _ shape: RunShape) -> RunArchive? {
        guard let folder = folder?.usable else { return nil }
        let file = Self.file(key, in: folder)
        guard access(file.path, F_OK) == 0 else { return nil }
        do {
            let run = try RunArchive(reading: file, key: key, shape: shape)
            // Last used now, so that others go first.
            try? FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: file.path)
            return run
        } catch RunArchive.Damage.anotherKey {
            return nil  // two keys with one hash: the newer run will take the place
        } catch {
            drop(file)
            return nil
        }
    }

    private mutating func drop(_ file: URL) {
        dropped += 1
        unlink(file.path)
    }

    /// A cache that cannot be written, on a full or read-only disk, only costs time.
    private func write(_ key: String, _ run: RunArchive) {
        guard let folder = folder?.made() else { return }
        let file = Self.file(key, in: folder)
        do { try run.write(to: file, key: key) } catch { return }
        if isSparing, usedBytes > limitBytes { unlink(file.path) } else { evict(keeping: file) }
    }

    /// Removes the longest unused files until the rest is within the limit.
    private func evict(keeping newest: URL) {
        var total = usedBytes
        for oldest in entries().sorted(by: { $0.used < $1.used }) where oldest.url.lastPathComponent != newest.lastPathComponent {
            guard total > limitBytes else { return }
            // Another process may have removed it already.
            unlink(oldest.url.path)
            total -= oldest.bytes
        }
    }

    /// The runs on disk.
    func entries() -> [(url: URL, bytes: Int, used: Date)] {
        files().filter { Self.isRun($0.url) }
    }

    private static func isRun(_ url: URL) -> Bool { url.lastPathComponent.hasPrefix("run-") && url.pathExtension == "safetensors" }

    /// The bytes of all files in the folder, those included that a killed process has left half written.
    var usedBytes: Int { files().reduce(0) { $0 + $1.bytes } }

    private func files() -> [(url: URL, bytes: Int, used: Date)] {
        guard let folder = folder?.usable, let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path) else { return [] }
        return names.compactMap { name in
            let url = folder.appending(path: name)
            guard let attributes = try? FileManager.default.attributesOfItem(atPath: url.path),
                attributes[.type] as? FileAttributeType == .typeRegular,
                let bytes = attributes[.size] as? Int, let used = attributes[.modificationDate] as? Date
            else { return nil }
            return (url, bytes, used)
        }
    }
}
