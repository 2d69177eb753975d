internal import Checkpoints
package import Foundation
internal import GRDB

/// Adds up indexes: those of the shards of a corpus, or of several corpora.
package enum IndexMerge {
    /// How many features are added up at a time.
    private static let features = 1024
    /// How many blocks are copied at a time.
    private static let blocks = 256

    /// Writes the sum of indexes to a file, which is there whole or not at all.
    ///
    /// - Returns: what it has.
    /// - Throws: `IndexError` where they are not of one model and set, cut texts differently, or have a block in common; `CancellationError`.
    package static func merge(
        _ files: [URL], into target: URL, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws -> IndexReader.Summary {
        let parts = try files.map { try IndexReader($0) }
        let identity = parts[0].identity
        for part in parts where part.identity != identity {
            if part.identity.settings != identity.settings {
                throw IndexError.otherSettings(parts[0].file, context: identity.settings.context, batch: identity.settings.batch)
            }
            throw IndexError.differentSets(parts[0].file, part.file)
        }
        try checkOverlap(parts)
        guard let lock = try FileLock.attempt(target.appendingPathExtension("lock")) else { throw IndexError.busy(target) }
        defer { withExtendedLifetime(lock) {} }
        let temporary = target.deletingLastPathComponent().appending(path: ".circuit-tracer-\(getpid())-\(target.lastPathComponent).merging")
        defer { unlink(temporary.path) }
        try inIndex(target) {
            let database = try DatabaseQueue(path: temporary.path, configuration: configuration)
            try write(parts, identity, to: database, progress: progress)
            try database.close()
        }
        chmod(temporary.path, 0o600)
        flush(temporary)
        // What is left of a journal would be taken for the new file's.
        for ending in ["-wal", "-shm"] { unlink(target.path + ending) }
        guard rename(temporary.path, target.path) == 0 else { throw CheckpointError.unwritable(file: target, reason: .last) }
        return try IndexReader(target).summary()
    }

    /// Nobody sees the file before it is whole, so it needs no journal.
    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA page_size = 8192")
            try db.execute(sql: "PRAGMA journal_mode = OFF")
            try db.execute(sql: "PRAGMA synchronous = OFF")
        }
        return configuration
    }

    private static func write(
        _ parts: [IndexReader], _ identity: IndexIdentity, to database: DatabaseQueue, progress: (Int, Int) -> Void
    ) throws {
        let total = identity.layers * identity.featuresPerLayer
        try database.write { try IndexStore.begin($0, identity) }
        for part in parts {
            for corpus in try part.summary().corpora { try copy(corpus, from: part, to: database) }
        }
        for first in stride(from: 0, to: total, by: features) {
            try Task.checkCancellation()
            progress(first, total)
            var sums: [Int: FeatureTally] = [:]
            for part in parts {
                for (id, tally) in try part.tallies(first..<first + features) { sums[id, default: FeatureTally()].add(tally) }
            }
            try database.write { db in
                for (id, tally) in sums.sorted(by: { $0.key < $1.key }) { try IndexStore.put(tally, id, db) }
            }
        }
    }

    private static func copy(_ corpus: IndexReader.CorpusSummary, from part: IndexReader, to database: DatabaseQueue) throws {
        try database.write { db in
            try db.execute(
                sql: """
                    INSERT INTO corpus (key, name, identity, bytes, blocks) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (key) DO UPDATE SET blocks = coalesce(blocks, excluded.blocks)
                    """, arguments: [corpus.key, corpus.name, corpus.identity, corpus.bytes, corpus.blocks])
        }
        let numbers = try part.blockNumbers(of: corpus.key)
        for start in stride(from: 0, to: numbers.count, by: blocks) {
            try Task.checkCancellation()
            let last = numbers[min(start + blocks, numbers.count) - 1]
            let some = try part.blocks(of: corpus.key, numbers[start]...last)
            try database.write { db in
                for block in some { try IndexStore.insert(block, corpus.key, db) }
            }
        }
    }

    private static func flush(_ file: URL) {
        let descriptor = open(file.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func checkOverlap(_ parts: [IndexReader]) throws {
        var owners: [Int64: [Int: URL]] = [:]
        for part in parts {
            for corpus in try part.summary().corpora {
                for number in try part.blockNumbers(of: corpus.key) {
                    if let other = owners[corpus.key, default: [:]].updateValue(part.file, forKey: number) {
                        throw IndexError.overlap(other, part.file, corpus: corpus.name)
                    }
                }
            }
        }
    }
}
