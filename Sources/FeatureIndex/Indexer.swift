internal import Foundation
package import Replacement
internal import Transcoders
internal import Transformers

/// Runs the texts of corpora through a model and counts where its features fire.
package struct Indexer: Sendable {
    let model: ReplacementModel
    let settings: IndexSettings
    /// What each sequence begins with.
    let opening: [Int]
    /// The tokens of a text, nothing put before it.
    let encode: @Sendable (String) throws -> [Int]
    /// After how many tokens what is done is kept; nil for as often as keeping it takes a small part of the time.
    let commitTokens: Int?

    package init(
        _ model: ReplacementModel, settings: IndexSettings, opening: [Int], commitTokens: Int? = nil, encode: @escaping @Sendable (String) throws -> [Int]
    ) {
        self.model = model
        self.settings = settings
        self.opening = opening
        self.encode = encode
        self.commitTokens = commitTokens
    }

    /// What a run did, and where its time went.
    package struct Report: Sendable {
        /// Run and counted now.
        package internal(set) var tokens = 0
        package internal(set) var documents = 0
        /// Tokens of blocks that an earlier run has counted.
        package internal(set) var knownTokens = 0
        /// Documents with bytes that are not UTF-8.
        package internal(set) var repaired = 0
        package internal(set) var seconds = 0.0
        /// In the model and the encoders.
        package internal(set) var modelSeconds = 0.0
        /// Counting.
        package internal(set) var tallySeconds = 0.0
        /// Writing.
        package internal(set) var commitSeconds = 0.0
        /// Whether all that was asked for is counted.
        package internal(set) var isComplete = false
    }

    /// How many tokens each sequence begins with.
    package var openingCount: Int { opening.count }

    /// Counts what is not counted yet.
    ///
    /// When its task is cancelled, it keeps the blocks that are done and returns.
    ///
    /// - Parameter progress: tokens done, and an estimate of all.
    /// - Throws: `IndexError`, and what the model throws; what was done before is kept.
    package func run(
        _ corpora: [Corpus], shard: Shard = .whole, into store: IndexStore, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws -> Report {
        for (index, corpus) in corpora.enumerated() where corpora[..<index].contains(where: { $0.key == corpus.key }) {
            throw IndexError.twice(corpus: corpus.name)
        }
        for corpus in corpora { try store.add(corpus) }
        var work = Work(self, store)
        let start = ContinuousClock.now
        do {
            let all = corpora.reduce(0) { $0 + $1.byteCount }
            var before = 0
            for corpus in corpora {
                try count(corpus, shard: shard, &work) { done, bytes in
                    progress(done, Int(Double(done) / Double(max(1, before + bytes)) * Double(all)))
                }
                before += corpus.byteCount
            }
            try work.commit()
            work.report.isComplete = true
        } catch is CancellationError {
            try work.commit()
        } catch {
            try? work.commit()
            throw error
        }
        work.report.seconds = (ContinuousClock.now - start).seconds
        return work.report
    }

    private func count(_ corpus: Corpus, shard: Shard, _ work: inout Work, progress: (_ tokens: Int, _ bytes: Int) -> Void) throws {
        let known = try work.store.counted(corpus)
        var (reader, blocks) = (try BlockReader(corpus, fullBytes: settings.blockBytes), 0)
        while let text = try reader.next() {
            blocks += 1
            guard shard.contains(text.number) else { continue }
            if let tokens = known[text.number] {
                work.report.knownTokens += tokens
                continue
            }
            try work.run(text, of: corpus)
            progress(work.report.tokens + work.report.knownTokens, text.end)
        }
        work.report.repaired += reader.repaired
        if blocks == 0 { throw IndexError.noDocuments(corpus: corpus.name) }
        try work.store.set(blocks: blocks, of: corpus)
    }

    // MARK: - Texts to sequences

    /// A document's tokens, cut into sequences that begin as prompts do.
    func sequences(_ document: String) throws -> [[Int]] {
        var ids = try encode(document)
        if !opening.isEmpty, ids.starts(with: opening) { ids.removeFirst(opening.count) }
        let room = max(1, min(settings.context, model.decoder.spec.context) - opening.count)
        return stride(from: 0, to: ids.count, by: room).map { opening + ids[$0..<min($0 + room, ids.count)] }
            .filter { $0.count > model.zeroedPositions }
    }

    /// Parts of about equal size, each within what runs together.
    func batches(_ sequences: [[Int]]) -> [[[Int]]] {
        let rows = sequences.reduce(0) { $0 + $1.count }
        let parts = (rows + settings.rows - 1) / settings.rows
        var (batches, done) = ([[[Int]]](repeating: [], count: parts), 0)
        for sequence in sequences {
            batches[done * parts / rows].append(sequence)
            done += sequence.count
        }
        return batches.filter { !$0.isEmpty }
    }
}

/// A run: what was counted since the last commit.
private struct Work {
    let indexer: Indexer
    let store: IndexStore
    var report = Indexer.Report()
    private var layers: [LayerTally]
    private var blocks: [(corpus: Int64, block: IndexStore.Block)] = []
    private var tokensSinceCommit = 0

    /// What is held of a block until all of it was run.
    private struct Held {
        let layer: Int
        let rows: BatchRows
        let columns: FeatureColumns
    }

    init(_ indexer: Indexer, _ store: IndexStore) {
        self.indexer = indexer
        self.store = store
        layers = Self.empty(indexer)
    }

    private static func empty(_ indexer: Indexer) -> [LayerTally] {
        indexer.model.transcoders.layers.map { LayerTally(featureCount: $0.featureCount) }
    }

    /// Runs a block and counts it; nothing of it counts if that is cancelled.
    mutating func run(_ text: TextBlock, of corpus: Corpus) throws {
        var start = ContinuousClock.now
        let sequences = try text.documents.flatMap { try indexer.sequences($0) }
        var (held, entries, first, isOpen) = ([Held](), 0, 0, false)
        start = ContinuousClock.now
        for batch in indexer.batches(sequences) {
            let rows = BatchRows(batch, corpus: corpus.key, block: text.number, first: first)
            first += batch.count
            do {
                try indexer.model.columns(of: SequenceBatch(batch)) { layer, columns in
                    entries += columns.count
                    held.append(Held(layer: layer, rows: rows, columns: columns))
                    guard entries > IndexPlan.heldEntries else { return }
                    // Too much to hold: what is done is kept, so that only this block is lost if it is cancelled.
                    report.modelSeconds += (ContinuousClock.now - start).seconds
                    if !isOpen { try commit() }
                    isOpen = true
                    count(&held)
                    entries = 0
                    start = .now
                }
            } catch {
                if isOpen { layers = Self.empty(indexer) }
                throw error
            }
        }
        report.modelSeconds += (ContinuousClock.now - start).seconds
        count(&held)
        let zeroed = indexer.model.zeroedPositions
        let tokens = sequences.reduce(0) { $0 + $1.count }
        blocks.append(
            (
                corpus.key,
                IndexStore.Block(
                    number: text.number, documents: text.documents.count, sequences: sequences, counted: tokens - zeroed * sequences.count)
            ))
        report.tokens += tokens
        report.documents += text.documents.count
        tokensSinceCommit += tokens
        if isDue { try commit() }
    }

    private mutating func count(_ held: inout [Held]) {
        let start = ContinuousClock.now
        for part in held { layers[part.layer].add(part.columns, of: part.rows) }
        held = []
        report.tallySeconds += (ContinuousClock.now - start).seconds
    }

    /// Whether enough was done that writing it takes a small part of the time, or more would not fit.
    private var isDue: Bool {
        if let tokens = indexer.commitTokens { return tokensSinceCommit >= tokens }
        if layers.reduce(0, { $0 + $1.bytes }) > IndexPlan.tallyBytes { return true }
        let work = Double(tokensSinceCommit) * IndexPlan.operations(indexer.model)
        return work > Double(layers.reduce(0) { $0 + $1.touched }) * IndexPlan.operationsPerRow
    }

    /// Keeps what was counted.
    mutating func commit() throws {
        guard !blocks.isEmpty else { return }
        let start = ContinuousClock.now
        try store.commit(blocks, layers)
        (blocks, layers, tokensSinceCommit) = ([], Self.empty(indexer), 0)
        report.commitSeconds += (ContinuousClock.now - start).seconds
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
