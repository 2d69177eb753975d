/// What the manual page says of the program's surroundings, which no table holds.
enum Surroundings {
    static let variables: [(names: [String], meaning: String)] = [
        (["HF_HOME", "HF_HUB_CACHE"], "Where the hub's cache is, as for the hub's Python tools."),
        (["HF_ENDPOINT"], "The hub's address."),
        (["HF_TOKEN", "HF_TOKEN_PATH"], "The token for gated repositories, or the file that it is in."),
        (["HF_HUB_OFFLINE"], "With 1 nothing is downloaded."),
        (
            ["XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"],
            "Where recorded runs, the history, the user's graphs and the start-up file are, instead of the folders below."
        ),
        (["CIRCUIT_TRACER_TOKEN"], "The word that one has to know to use the viewer, instead of a random one."),
        (["CIRCUIT_TRACER_NOHISTORY"], "If it is set, no history is kept."),
        (["PAGER"], "The program that shows what does not fit the terminal's screen; less unless it is set. With cat or an empty text there is none."),
        (["SHELL"], "The shell that runs the lines of shell and !, and what follows |."),
        (["NO_COLOR"], "If it is set, nothing is coloured."),
        (["LC_ALL", "LC_CTYPE"], "The locale, which the line editor needs in UTF-8. Where it is not, C.UTF-8 is used."),
    ]

    static let files: [(path: String, meaning: String)] = [
        ("PREFIX/share/circuit-tracer/atlas", "The bundled model and its transcoders, found from the place of the program."),
        ("PREFIX/share/circuit-tracer/licenses", "The licences of the program and of what is linked into it."),
        ("~/.config/circuit-tracer/rc", "Commands that the console runs before the first prompt of a terminal."),
        ("~/.cache/circuit-tracer", "Recorded runs of prompts, at most 1 GiB. It can be deleted at any time."),
        ("~/.local/state/circuit-tracer/history", "What was typed in the console."),
        ("~/.local/share/circuit-tracer/graphs", "The user's graphs, where a command names no folder."),
        ("~/.cache/huggingface/hub", "Models and transcoder sets, shared with the hub's Python tools."),
        ("~/.inputrc", "Keys and habits of the line editor, which is GNU readline."),
    ]

    static let examples: [(line: String, meaning: String)] = [
        ("circuit-tracer", "The console, on the bundled model."),
        ("circuit-tracer -c 'prompt Fact: the capital of the state containing Dallas is' -c attribute -c 'features 5'", "A script of three commands."),
        (
            "circuit-tracer attribute -t atlas/plt -p 'Fact: the capital of the state containing Dallas is' --slug dallas --graph_file_dir graphs --server",
            "A graph as a file, and a page to look at it."
        ),
        ("circuit-tracer download gemma", "Fetches Gemma-2-2B and its transcoders into the hub's cache."),
    ]
}
