import Workbench

/// One command of the console: everything that help, completion, the reference page and the loop know of it.
struct Command: Sendable {
    /// What a command does with its arguments.
    enum Action: Sendable {
        /// Asks the session.
        case session(@Sendable (Arguments, CommandContext) async throws -> Output)
        /// Concerns the console itself.
        case console(@Sendable (Arguments, Interpreter) throws -> Output)
    }

    /// A line that could be typed, and what it does.
    struct Example: Sendable {
        let line: String
        let meaning: String

        init(_ line: String, _ meaning: String) {
            self.line = line
            self.meaning = meaning
        }
    }

    /// One key of the json object, with what it holds.
    struct JSONKey: Sendable {
        let key: String
        let meaning: String

        init(_ key: String, _ meaning: String) {
            self.key = key
            self.meaning = meaning
        }
    }

    /// What a command has to do with: where help and the reference page list it.
    enum Group: String, Sendable, CaseIterable {
        case model = "Model"
        case prompt = "Prompt"
        case graph = "Graph"
        case features = "Features"
        case interventions = "Interventions"
        case runs = "Runs"
        case files = "Files"
        case scripts = "Scripts"
        case console = "Console"
    }

    let name: String
    let group: Group
    var aliases: [String] = []
    /// What else it might be called: found by `apropos`, and suggested to who types it.
    let synonyms: [String]
    let summary: String
    /// The ways to write it. The first is made from parameters and options unless it is given.
    let usage: [String]
    let detail: String
    let examples: [Example]
    let parameters: [Parameter]
    let options: [OptionSpecification]
    /// Takes what follows its name unchanged.
    let takesRawLine: Bool
    /// Is not recorded, and refused in a replay: it is about the console or the machine, not about the model.
    let staysOutOfTranscripts: Bool
    /// Writes files that its arguments name.
    let writesFiles: Bool
    /// Shows no more than what it changed: `foreach` leaves that out.
    let repeatsWhatItChanged: Bool
    let json: [JSONKey]
    let action: Action

    init(
        _ name: String, group: Group = .console, aliases: [String] = [], synonyms: [String] = [], summary: String, usage: [String]? = nil,
        detail: String,
        examples: [Example] = [], parameters: [Parameter] = [], options: [OptionSpecification] = [],
        takesRawLine: Bool = false, staysOutOfTranscripts: Bool = false, writesFiles: Bool = false,
        repeatsWhatItChanged: Bool = false, json: [JSONKey] = [], action: Action
    ) {
        self.name = name
        self.group = group
        self.aliases = aliases
        self.synonyms = synonyms
        self.summary = summary
        self.usage = usage ?? [([name] + parameters.map(\.usage) + options.map(\.usage)).joined(separator: " ")]
        self.detail = detail
        self.examples = examples
        self.parameters = parameters
        self.options = options
        self.takesRawLine = takesRawLine
        self.staysOutOfTranscripts = staysOutOfTranscripts
        self.writesFiles = writesFiles
        self.repeatsWhatItChanged = repeatsWhatItChanged
        self.json = json
        self.action = action
    }
}

/// What a command may use besides its arguments.
struct CommandContext: Sendable {
    let session: Session
    /// nil if nothing may be served, as in a replay.
    let viewer: (any ViewerHost)?
    let progress: ProgressHandler
    /// The most feature nodes of a graph, where whoever asks has set a limit.
    var nodeLimit: Int?
}
