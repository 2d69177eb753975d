internal import Checkpoints
package import Foundation
internal import Graphs
internal import GRDB

/// The file of an index, open for writing; one process at a time, while others may read.
///
/// Whatever is done is done in one transaction: what blocks of text count and that they are counted. So a process that is killed leaves the state
/// after some commit, and whoever goes on counts nothing twice and leaves nothing out.
package final class IndexStore: Sendable {
    package let file: URL
    package let identity: IndexIdentity
    private let database: DatabaseQueue
    /// Held as long as the store lives.
    private let lock: FileLock

    /// A block of text that was run.
    package struct Block: Sendable, Equatable {
        /// Its number in the corpus.
        package let number: Int
        package let documents: Int
        /// Token ids.
        package let sequences: [[Int]]
        /// The positions whose features are counted.
        package let counted: Int
    }

    /// Opens an index to add to it, or begins one.
    ///
    /// - Throws: `IndexError` where the file is something else, another model's, or being written; `CheckpointError`.
    package init(_ file: URL, _ identity: IndexIdentity) throws {
        self.file = file
        self.identity = identity
        guard let lock = try FileLock.attempt(file.appendingPathExtension("lock")) else { throw IndexError.busy(file) }
        self.lock = lock
        database = try inIndex(file) {
            var configuration = Configuration()
            configuration.busyMode = .timeout(10)
            configuration.prepareDatabase { db in
                try db.execute(sql: "PRAGMA synchronous = NORMAL")
                try db.execute(sql: "PRAGMA cache_size = -16384")
            }
            let database = try DatabaseQueue(path: file.path, configuration: configuration)
            try database.writeWithoutTransaction { db in
                if try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0 { try db.execute(sql: "PRAGMA page_size = 8192") }
                try db.execute(sql: "PRAGMA journal_mode = WAL")
            }
            try database.write { db in
                if try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0 { try Self.begin(db, identity) }
            }
            return database
        }
        chmod(file.path, 0o600)
        try check(identity)
    }

    /// The tables.
    static func begin(_ db: Database, _ identity: IndexIdentity) throws {
        try db.execute(
            sql: """
                PRAGMA user_version = \(IndexReader.form);
                CREATE TABLE identity (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
                CREATE TABLE corpus (key INTEGER PRIMARY KEY, name TEXT NOT NULL, identity TEXT NOT NULL, bytes INTEGER NOT NULL, blocks INTEGER);
                CREATE TABLE block (
                    corpus INTEGER NOT NULL REFERENCES corpus(key), number INTEGER NOT NULL, documents INTEGER NOT NULL,
                    sequences INTEGER NOT NULL, tokens INTEGER NOT NULL, counted INTEGER NOT NULL, ids BLOB NOT NULL,
                    UNIQUE (corpus, number));
                CREATE TABLE feature (
                    id INTEGER PRIMARY KEY, firings INTEGER NOT NULL, maximum REAL NOT NULL, tally BLOB NOT NULL);
                """)
        for (key, value) in identity.rows {
            try db.execute(sql: "INSERT INTO identity VALUES (?, ?)", arguments: [key, value])
        }
    }

    private func check(_ identity: IndexIdentity) throws {
        let known = try inIndex(file) { try database.read { try IndexReader.identity($0) } }
        guard let known else { throw IndexError.notAnIndex(file) }
        guard known.settings == identity.settings else {
            throw IndexError.otherSettings(file, context: known.settings.context, batch: known.settings.batch)
        }
        guard known == identity else { throw IndexError.anotherModel(file, of: known.set) }
    }

    /// Says that a corpus is, or will be, part of the index.
    func add(_ corpus: Corpus) throws {
        try inIndex(file) {
            try database.write { db in
                try db.execute(
                    sql: "INSERT INTO corpus (key, name, identity, bytes) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
                    arguments: [corpus.key, corpus.name, corpus.identity, corpus.byteCount])
            }
        }
    }

    /// Keeps how many blocks a corpus has, which is known when all of it was read.
    func set(blocks: Int, of corpus: Corpus) throws {
        try inIndex(file) {
            try database.write { try $0.execute(sql: "UPDATE corpus SET blocks = ? WHERE key = ?", arguments: [blocks, corpus.key]) }
        }
    }

    /// The blocks of a corpus that are counted, with the tokens of each.
    func counted(_ corpus: Corpus) throws -> [Int: Int] {
        try inIndex(file) {
            try database.read { db in
                let rows = try Row.fetchAll(db, sql: "SELECT number, tokens FROM block WHERE corpus = ?", arguments: [corpus.key])
                return Dictionary(uniqueKeysWithValues: rows.map { ($0["number"], $0["tokens"]) })
            }
        }
    }

    /// Adds blocks and what was counted in them: all of it or nothing.
    func commit(_ blocks: [(corpus: Int64, block: Block)], _ layers: [LayerTally]) throws {
        try inIndex(file) {
            try database.write { db in
                for (corpus, block) in blocks { try Self.insert(block, corpus, db) }
                let select = try db.cachedStatement(sql: "SELECT tally FROM feature WHERE id = ?")
                for (layer, tallies) in layers.enumerated() {
                    for (index, tally) in tallies.features.enumerated() where tally.sequences > 0 {
                        let id = layer * identity.featuresPerLayer + index
                        var all = tally
                        if let known = try Data.fetchOne(select, arguments: [id]) { all.add(try self.tally(known, of: id)) }
                        try Self.put(all, id, db)
                    }
                }
            }
        }
    }

    private func tally(_ bytes: Data, of id: Int) throws -> FeatureTally {
        do { return try FeatureTally(bytes) } catch {
            throw IndexError.damaged(file, feature: "\(FeatureID(layer: id / identity.featuresPerLayer, index: id % identity.featuresPerLayer))")
        }
    }

    static func insert(_ block: Block, _ corpus: Int64, _ db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT INTO block (corpus, number, documents, sequences, tokens, counted, ids) VALUES (?, ?, ?, ?, ?, ?, ?)"
        ).execute(arguments: [
            corpus, block.number, block.documents, block.sequences.count, block.sequences.reduce(0) { $0 + $1.count }, block.counted, block.ids,
        ])
    }

    /// Writes the tally of a feature.
    static func put(_ tally: FeatureTally, _ id: Int, _ db: Database) throws {
        try db.cachedStatement(sql: "INSERT OR REPLACE INTO feature (id, firings, maximum, tally) VALUES (?, ?, ?, ?)")
            .execute(arguments: [id, tally.firings, Double(tally.maximum ?? 0), tally.bytes])
    }

    /// Makes one file of the index and its journal, which can be copied and read from anywhere. Where somebody is reading, it stays as it is.
    package func settle() {
        try? database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
        try? database.close()
    }
}

extension IndexStore.Block {
    /// The token ids of all sequences, each after its length.
    fileprivate var ids: Data {
        var writer = ByteWriter()
        for sequence in sequences {
            writer.number(sequence.count)
            for id in sequence { writer.number(id) }
        }
        return writer.data
    }

    /// - Returns: nil for what is not sequences of token ids.
    static func sequences(_ ids: Data) -> [[Int]]? {
        var (reader, sequences) = (ByteReader(ids), [[Int]]())
        while !reader.isAtEnd {
            guard let count = try? reader.count() else { return nil }
            var sequence: [Int] = []
            for _ in 0..<count {
                guard let id = try? reader.number(below: 1 << 31) else { return nil }
                sequence.append(id)
            }
            sequences.append(sequence)
        }
        return sequences
    }
}

/// Turns what SQLite says into what it means for the file.
func inIndex<Result>(_ file: URL, _ work: () throws -> Result) throws -> Result {
    do { return try work() } catch let error as DatabaseError { throw IndexError(error, file) }
}
