package import Foundation

/// The folders of the hub's tools on this machine, from the variables that all of them read.
///
/// An empty variable counts as unset, `~/` at a value's start is the home folder, and `$NAME` and `${NAME}` in it are
/// other variables.
package struct HubFolders: Sendable {
    /// The folder of `TRANSFORMERS_CACHE` or one of its older names, where transformers before version 5 keeps models in
    /// preference to `cache`. The hub's own tools do not know it. Nil if none is set.
    package let transformersCache: (folder: URL, variable: String)?
    /// `HF_HUB_CACHE`, else `HUGGINGFACE_HUB_CACHE` (its old name), else `HF_HOME/hub`.
    package let cache: URL
    /// `HF_TOKEN_PATH`, else `HF_HOME/token`: the file with the token of the user who is logged in.
    package let token: URL

    /// `HF_HOME` is by default `XDG_CACHE_HOME/huggingface`, and `XDG_CACHE_HOME` `~/.cache`.
    package init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        let userHome = environment["HOME"] ?? NSHomeDirectory()
        func url(_ variable: String) -> URL? {
            guard let value = environment[variable], !value.isEmpty else { return nil }
            let text = value.replacing(/\$(?:\{(\w+)\}|(\w+))/) { match in
                environment[String(match.1 ?? match.2 ?? "")] ?? String(match.0)
            }
            return URL(fileURLWithPath: text.expandingHome(userHome))
        }
        let caches = url("XDG_CACHE_HOME") ?? URL(fileURLWithPath: userHome).appendingPathComponent(".cache")
        let home = url("HF_HOME") ?? caches.appendingPathComponent("huggingface")
        cache = url("HF_HUB_CACHE") ?? url("HUGGINGFACE_HUB_CACHE") ?? home.appendingPathComponent("hub")
        transformersCache =
            ["TRANSFORMERS_CACHE", "PYTORCH_TRANSFORMERS_CACHE", "PYTORCH_PRETRAINED_BERT_CACHE"].lazy
            .compactMap { variable in url(variable).map { ($0, variable) } }.first
        token = url("HF_TOKEN_PATH") ?? home.appendingPathComponent("token")
    }
}
