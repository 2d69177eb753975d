internal import Checkpoints
internal import Foundation
package import GraphFiles
package import Graphs
package import Replacement
internal import Tokenization
internal import Transformers

/// What of a session is kept in a file, at one moment. The last run, the last generation and what `undo` knows are not.
package struct SavedSession: Sendable {
    package enum Prompt: Sendable, Equatable {
        case text(String)
        /// Its token ids, where no text has just these tokens.
        case tokens([Int])
        /// A conversation that is written as the model's chat template writes it.
        case chat([ChatTurn], ChatOptions)
    }

    /// By the names that `load` finds them by from any folder; nil if nothing is loaded.
    package let loaded: (model: String, set: String?)?
    package let prompt: Prompt?
    package let targets: TargetRequest
    /// In the order in which they were made.
    package let interventions: [InterventionRequest]
    /// How the last `run` was asked for.
    package let runOptions: RunOptions
    /// What `let` named, each after the names that it mentions.
    package let names: [(name: String, set: SetExpression)]
    /// Those of nothing but features of this model and prompt; the graph's file has them all.
    package let supernodes: [(name: String, sites: [FeatureSite], children: [String])]
    /// Those of features that it is about.
    package let labels: [(feature: FeatureID, label: FeatureLabel)]
    let graph: GraphState?
    /// What people have added to the graph or the prompt.
    let annotations: QueryParameters
    /// Whether the prompt is a conversation's, and no conversation has just its tokens.
    let losesTurns: Bool

    /// How the name of the graph's file ends; nil without a graph. A graph that was pruned before is kept as the document it is, with what people
    /// have added to it.
    package var graphEnding: String? { graph.map { $0.document == nil ? "graph.safetensors" : "graph.json" } }
}

extension Session {
    /// What a file keeps of the session now.
    package func saved() throws -> SavedSession {
        let annotations = try annotations()
        let prompt = try state.prompt.map(savedPrompt)
        return SavedSession(
            loaded: state.model.map(lastingNames), prompt: prompt?.saved, targets: state.targets,
            interventions: state.edits, runOptions: state.runOptions, names: orderedNames(), supernodes: plainSupernodes(annotations),
            labels: mentionedLabels(annotations).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, graph: state.graph, annotations: annotations,
            losesTurns: prompt?.losesTurns == true)
    }

    /// Writes a session's file, and its graph beside it: both or neither.
    ///
    /// - Parameters:
    ///   - text: of the file.
    ///   - graphName: the name of the graph's file.
    /// - Throws: what writing throws; both files are then what they were.
    package func write(_ saved: SavedSession, as text: String, graphNamed graphName: String?, to path: String) throws -> SavedSessionReport {
        let url = try urlToWrite(path)
        var files: [AtomicFile.Part] = [AtomicFile.Part(url: url) { try AtomicFile.write(text.utf8, to: $0) }]
        var graphURL: URL?
        if let graph = saved.graph, let graphName {
            let place = url.deletingLastPathComponent().appending(path: graphName)
            // Nobody named that file: only the one of the session that was here is replaced.
            if FileManager.default.fileExists(atPath: place.path), !FileManager.default.fileExists(atPath: url.path) {
                throw SessionError("\(place.path) is there already, and not the graph of this session. Remove it, or choose another name.", word: path)
            }
            // The graph first: a session never names one that is not there.
            files.insert(AtomicFile.Part(url: place) { try graph.write(to: $0, with: saved.annotations) }, at: 0)
            graphURL = place
        }
        try AtomicFile.write(files)
        return SavedSessionReport(
            path: url.path, graph: graphURL?.path, bytes: try files.reduce(0) { $0 + (try FileIdentity(of: $1.url).size) },
            notices: saved.lost)
    }

    // MARK: - Opening

    /// An empty session with the same environment, which a saved one is built up in while this one stays as it is.
    package func draft() -> Session { Session(environment: environment, confinement: confinement) }

    /// Goes on as another session does.
    ///
    /// - Parameter draft: not used any more.
    package func adopt(_ draft: Session) async throws -> OpenedSessionReport {
        let next = await draft.state
        try Task.checkCancellation()
        let dropped = state.dropNotices
        state = next
        raised = [:]
        coactiveFeatures = [:]
        useEvidenceOfSet()
        var labelNotices = takeShippedLabels()
        var lent = (taken: 0, kept: 0)
        do { lent = try lendLabels() } catch { labelNotices.append("\(error) The session's labels are not shown.") }
        // Of several on one selector the last holds.
        let last = Dictionary(next.edits.enumerated().map { ($1.selector, $0) }, uniquingKeysWith: { $1 })
        if last.count < next.edits.count { state.edits = next.edits.enumerated().filter { last[$1.selector] == $0 }.map(\.element) }
        return OpenedSessionReport(
            model: state.model?.name, transcoders: state.model?.setName,
            prompt: state.prompt.flatMap { prompt in state.model?.tokenizer.decode(prompt.tokens) }, interventions: state.edits.count,
            names: state.sets.count, graphNodes: state.graph?.graph.index.count, labels: lent.taken, keptLabels: lent.kept,
            notices: dropped + labelNotices + shown())
    }

    /// Puts edits in force that were in force once, also those whose positions this prompt does not have.
    package func restore(_ edits: [SetEdit]) throws {
        let context = try setContext()
        var unheard: [String] = []
        state.edits += try edits.flatMap { try context.requests($0, notices: &unheard) }
    }

    /// Makes later commands run the prompt in this way.
    package func restore(_ options: RunOptions) throws {
        _ = try loaded()
        try checkLayers(options)
        state.runOptions = options
    }

    /// Opens a session's graph.
    ///
    /// - Parameters:
    ///   - name: of a file beside the session's.
    ///   - path: of the session's file.
    /// - Returns: what is worth knowing about it.
    /// - Throws: `SessionError` for a name that leads elsewhere, and for the graph of another prompt.
    package func restoreGraph(_ name: String, besides path: String) throws -> [String] {
        let url = urlToRead(path).deletingLastPathComponent().appending(path: name)
        guard !name.isEmpty, ![".", ".."].contains(name), !name.unicodeScalars.contains(where: { $0 == "/" || $0 == "\0" }) else {
            throw SessionError("The graph of a session is a file beside it; \(name) is not a plain name.", word: name)
        }
        var status = stat()
        guard lstat(url.path, &status) == 0 else { throw SessionError("The session's graph, \(url.path), is not there.", word: name) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw SessionError("The session's graph, \(url.path), is not a plain file.", word: name) }
        let file = try GraphFile(url)
        let (graph, prompt, notices) = try graphState(of: file)
        if let prompt, state.prompt?.tokens.starts(with: prompt.tokens) != true {
            throw SessionError("\(url.path) is the graph of another prompt than the session's: one of the two files was replaced.", word: name)
        }
        open(graph, with: file.parameters)
        return notices
    }

    // MARK: - Parts

    /// The names by which `load` finds a model and its set again, from any folder.
    private func lastingNames(_ model: LoadedModel) -> (model: String, set: String?) {
        let locator = ModelLocator(environment: environment)
        func lasting(_ name: String) -> String {
            let url = file(name)
            return FileManager.default.fileExists(atPath: url.path) ? url.standardizedFileURL.path : name
        }
        // A set's config may call its model what only means something beside the set.
        let isFound =
            (try? locator.folder(model.name))?.resolvingSymlinksInPath().path == model.decoder.folder.resolvingSymlinksInPath().path
        return (isFound ? lasting(model.name) : model.decoder.folder.standardizedFileURL.path, model.setName.map(lasting))
    }

    /// The turns of a conversation, if they make these tokens again; else a text.
    private func savedPrompt(_ prompt: PromptState) throws -> (saved: SavedSession.Prompt, losesTurns: Bool) {
        guard let conversation = prompt.conversation else { return (try savedText(prompt.tokens), false) }
        if let turns = try turns(remaking: prompt) { return (.chat(turns, conversation.options), false) }
        return (try savedText(prompt.tokens), !conversation.owners.isEmpty)
    }

    /// The text of a prompt, as short as it can be typed, if a text has these tokens.
    private func savedText(_ tokens: [Int]) throws -> SavedSession.Prompt {
        let model = try loaded()
        let isBegun = tokens.count > 1 && tokens[0] == model.tokenizer.specialTokens.beginning
        for part in isBegun ? [tokens.dropFirst(), tokens[...]] : [tokens[...]] {
            let text = model.tokenizer.decode(Array(part))
            if (try? model.tokens(ofPrompt: text)) == tokens { return .text(text) }
        }
        return .tokens(tokens)
    }

    private func plainSupernodes(_ annotations: QueryParameters) -> [(name: String, sites: [FeatureSite], children: [String])] {
        guard let local = state.prompt?.local else { return [] }
        return annotations.supernodeList.filter { !$0.nodes.isEmpty && local.existing($0.sites).count == $0.nodes.count }
            .map { ($0.name, $0.sites, $0.children) }
    }

    private func orderedNames() -> [(name: String, set: SetExpression)] {
        var (ordered, seen) = ([(name: String, set: SetExpression)](), Set<String>())
        func add(_ name: String) {
            guard let set = state.sets[name], seen.insert(name).inserted else { return }
            set.names.sorted().forEach(add)
            ordered.append((name, set))
        }
        state.sets.keys.sorted().forEach(add)
        return ordered
    }
}

extension GraphState {
    fileprivate func write(to url: URL, with added: QueryParameters) throws {
        guard let document else { return try GraphArchive.write(graph, tokenTexts: tokenTexts, parameters: added, to: url) }
        try document.with(added).write(to: url)
    }
}

extension SavedSession {
    /// What neither file holds.
    fileprivate var lost: [String] {
        let named = Set(supernodes.map(\.name))
        let isKept = graph != nil || annotations.labels.isEmpty && annotations.supernodes.allSatisfy { named.contains($0[0]) }
        let turns = losesTurns ? ["The conversation was continued as no turn is written; it is saved as a text, which does not say whose each token is."] : []
        return isKept
            ? turns : turns + ["Labels, and nodes of supernodes that are not features of this prompt, are only saved with a graph; `attribute` computes one."]
    }
}

/// The files of a session that was saved.
package struct SavedSessionReport: Sendable {
    package let path: String
    /// The file of its graph; nil without one.
    package let graph: String?
    /// Of both.
    package let bytes: Int
    package let notices: [String]
}

/// What a session that was opened holds.
package struct OpenedSessionReport: Sendable {
    package let model: String?
    package let transcoders: String?
    /// The decoded prompt.
    package let prompt: String?
    package let interventions: Int
    package let names: Int
    package let graphNodes: Int?
    /// How many labels of the session are shown that were not here.
    package let labels: Int
    /// For how many features its user has something else than the session's label.
    package let keptLabels: Int
    package let notices: [String]
}
