internal import Checkpoints
package import FeatureIndex
package import Foundation
internal import Replacement
internal import Transcoders
internal import Transformers

/// What to index, and how.
package struct IndexRequest: Sendable {
    /// Files of text.
    package var corpora: [String]
    /// Those of them that are not called by their paths.
    package var files: [String: URL] = [:]
    /// What is a document; nil for what a file's ending says.
    package var form: Corpus.Form?
    /// The field with the text, where each line is an object.
    package var field = "text"
    package var settings = IndexSettings()
    package var shard = Shard.whole
    /// The index's file; nil for the usual one of the model and set.
    package var file: String?
    /// After how many tokens what is done is kept; nil for as often as that takes little of the time.
    package var commitTokens: Int?

    package init(corpora: [String]) { self.corpora = corpora }
}

extension Session {
    /// Runs texts through the model and counts where its features fire. The prompt, the graph and the store of runs stay as they are.
    ///
    /// When its task is cancelled, what is done is kept, and the report says that more is left.
    package func index(_ request: IndexRequest, progress: @escaping ProgressHandler = { _ in }) throws -> IndexRunReport {
        let plan = try indexPlan(request.settings)
        let model = try loaded()
        let replacement = try replacement()
        if request.settings.context > model.decoder.spec.context {
            throw SessionError("--context is \(request.settings.context) and \(model.name) takes \(model.decoder.spec.context) tokens.")
        }
        let opening = try model.indexer(request.settings, commitTokens: nil)!.openingCount
        if request.settings.context <= max(opening, replacement.zeroedPositions) {
            throw SessionError(
                "--context is \(request.settings.context) and must be larger than \(max(opening, replacement.zeroedPositions)), the tokens at the start that have no features."
            )
        }
        try checkMemory(
            for: "An index made with --context \(request.settings.context) --batch \(request.settings.batch)", bytes: plan.peak,
            advice: "A smaller --batch needs less.")
        let corpora = try request.corpora.map { name in
            if name == "-", request.files[name] == nil {
                throw SessionError("`-` is standard input, which only `circuit-tracer index` reads. A file of that name is `./-`.")
            }
            return try Corpus(request.files[name] ?? urlToRead(name), name: name, form: request.form, field: request.field)
        }
        let file = try indexFile(request.file, request.settings, shard: request.shard)
        let store = try IndexStore(file, try model.indexIdentity(request.settings)!)
        defer { store.settle() }
        evidence.useIndex(file)
        coactiveFeatures = [:]
        let indexer = try model.indexer(request.settings, commitTokens: request.commitTokens)!
        defer { evidence.progress = nil }
        let run = try indexer.run(corpora, shard: request.shard, into: store) { [evidence] done, total in
            let made = WorkProgress(phase: WorkProgress.indexing, done: done, total: max(done, total), unit: "tokens")
            evidence.progress = made
            progress(made)
        }
        store.settle()
        return IndexRunReport(run: run, plan: plan, index: try status(of: file))
    }

    /// What indexing takes, from shapes.
    package func indexPlan(_ settings: IndexSettings) throws -> IndexPlan { IndexPlan(try replacement(), settings) }

    /// What an index has.
    ///
    /// - Parameter path: nil for the usual one of what is loaded.
    package func indexStatus(_ path: String?) throws -> IndexReport {
        if let path { return try status(of: urlToRead(path)) }
        let settings = IndexSettings()
        let file = try indexFile(nil, settings, shard: .whole)
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw SessionError("There is no index of \(try loaded().setName ?? "it") yet: `index CORPUS` makes one, in \(file.path).")
        }
        return try status(of: file)
    }

    /// Adds up indexes.
    ///
    /// - Parameter target: the file to write; nil for the usual one of the model and set that they are of.
    package func mergeIndexes(_ paths: [String], into target: String?, progress: @escaping ProgressHandler = { _ in }) throws -> IndexReport {
        let files = indexFiles(paths)
        let url =
            if let target { try urlToWrite(target) } else { try usualIndexFile(IndexReader(files[0]).identity, shard: .whole) }
        _ = try IndexMerge.merge(files, into: url) { done, total in
            progress(WorkProgress(phase: "adding up", done: done, total: total, unit: "features"))
        }
        return try status(of: url)
    }

    /// Without the files that are kept beside indexes, which `part-*` names, too.
    private func indexFiles(_ paths: [String]) -> [URL] {
        let files = paths.map { urlToRead($0) }
        let indexes = files.filter { file in
            !IndexReader.companionEndings.contains { ending in
                file.path.hasSuffix(ending) && FileManager.default.fileExists(atPath: String(file.path.dropLast(ending.count)))
            }
        }
        // Where nothing else is named, that is what is wrong.
        return indexes.isEmpty ? files : indexes
    }

    private func status(of file: URL) throws -> IndexReport {
        let reader = try IndexReader(file)
        let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
        return IndexReport(path: file.path, identity: reader.identity, summary: try reader.summary(), bytes: attributes?[.size] as? Int ?? 0)
    }

    /// How fast indexing is, beside what bounds it.
    package func indexSpeed() throws -> IndexSpeed {
        let folder = ThrowAwayFolder()
        defer { folder.remove() }
        let inside = try folder.url(for: "speed")
        try FileManager.default.createDirectory(at: inside, withIntermediateDirectories: true)
        return try IndexSpeed(try replacement(), folder: inside)
    }

    // MARK: - The bundled model

    /// Indexes the bundled model's own corpus where that was not done yet, which takes seconds.
    ///
    /// A session that may write only to one folder has the index there: a copy of the user's, where that is of nothing but this corpus.
    func indexBundledCorpus(progress: @escaping ProgressHandler) throws {
        guard confinement != nil || environment.indexes != nil, let bundled = environment.bundled, let set = try loaded().replacement?.transcoders,
            set.folder.resolvingSymlinksInPath().path.hasPrefix(bundled.resolvingSymlinksInPath().path + "/")
        else { return }
        let corpus = bundled.appending(path: "corpus.txt")
        guard FileManager.default.fileExists(atPath: corpus.path) else { return }
        do {
            let file = try indexFile(nil, IndexSettings(), shard: .whole)
            // Somebody has named another.
            if let used = evidence.index?.file, used != file { return }
            if confinement != nil, !FileManager.default.fileExists(atPath: file.path) { try copyUsersIndex(ofOnly: corpus, to: file) }
            // Whatever its user has indexed is not added to.
            if let summary = try? IndexReader(file).summary(), summary.isComplete || summary.corpora.map(\.name) != [Self.bundledCorpus] { return }
            var request = IndexRequest(corpora: [Self.bundledCorpus])
            request.files[Self.bundledCorpus] = corpus
            if try !index(request, progress: progress).run.isComplete { throw CancellationError() }
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            // Somebody else is making it, or nothing can be written here: what a feature writes is shown all the same.
        }
    }

    private static var bundledCorpus: String { "\(ModelLocator.bundledModel)/corpus.txt" }

    /// Nothing is copied where there is no such index, or it has something else too.
    private func copyUsersIndex(ofOnly corpus: URL, to file: URL) throws {
        guard let users = environment.indexes?.appending(path: file.lastPathComponent), let reader = try? IndexReader(users),
            let summary = try? reader.summary(), summary.isComplete
        else { return }
        guard try summary.corpora.map(\.identity) == [Corpus(corpus, name: Self.bundledCorpus).identity] else { return }
        try reader.copy(to: file)
        // Where there are none, a search makes them.
        let (words, copy) = (users.appendingPathExtension(ExampleWords.fileExtension), file.appendingPathExtension(ExampleWords.fileExtension))
        try? FileManager.default.copyItem(at: words, to: copy)
    }

    // MARK: - Where

    /// Where the evidence of a loaded set's index is found; nil without transcoders.
    func indexFinder(_ model: LoadedModel) -> IndexFinder? {
        let (confinement, indexes) = (confinement, environment.indexes)
        guard model.setName != nil, confinement != nil || indexes != nil else { return nil }
        return IndexFinder {
            guard let folder = confinement.map({ $0.existing(Self.confinedIndexes) }) ?? indexes else { return nil }
            return (try? model.indexIdentity(IndexSettings())).map { Self.indexFile($0!, in: folder, shard: .whole) }
        } text: {
            model.text($0).text
        }
    }

    private func indexFile(_ path: String?, _ settings: IndexSettings, shard: Shard) throws -> URL {
        if let path { return try urlToWrite(path) }
        _ = try replacement()
        return try usualIndexFile(try loaded().indexIdentity(settings)!, shard: shard)
    }

    private func usualIndexFile(_ identity: IndexIdentity, shard: Shard) throws -> URL {
        guard let folder = try confinement?.url(for: Self.confinedIndexes) ?? environment.indexes else {
            throw SessionError("There is no folder for indexes here: --index names a file.")
        }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return Self.indexFile(identity, in: folder, shard: shard)
    }

    /// The folder of indexes in the only one that may be written to.
    private static let confinedIndexes = ".indexes"

    /// By the set's name and the contents of the files.
    private static func indexFile(_ identity: IndexIdentity, in folder: URL, shard: Shard) -> URL {
        let name = identity.set.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-" || $0 == "_") ? $0 : "-" }
        let part = shard == .whole ? "" : "-\(shard.index)-of-\(shard.count)"
        return folder.appending(path: "\(String(name.suffix(80)))-\(identity.fingerprint)\(part).sqlite")
    }
}

extension WorkProgress {
    /// The phase of `index`, which may take days.
    package static let indexing = "indexing"
    /// The phase of a search that makes an index's words.
    package static let readingExamples = "reading examples"
}

/// What an index has.
package struct IndexReport: Sendable {
    package let path: String
    package let identity: IndexIdentity
    package let summary: IndexReader.Summary
    package let bytes: Int
}

/// What a run of `index` did.
package struct IndexRunReport: Sendable {
    package let run: Indexer.Report
    package let plan: IndexPlan
    package let index: IndexReport

    /// Words for people who wonder what is left.
    package var notices: [String] {
        let repaired =
            run.repaired == 0
            ? [] : ["\(run.repaired) \(run.repaired == 1 ? "document has" : "documents have") bytes that are not UTF-8; U+FFFD is in their place."]
        return repaired + (run.isComplete ? [] : ["Interrupted. What is done is kept; the same command continues from here."])
    }
}
