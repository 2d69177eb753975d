/// A repository on the Hugging Face hub, or a folder or file in it, at some revision.
///
/// Whether a text is a reference or a path on this machine is for the caller to decide: an existing path comes first.
package struct HubReference: Sendable, Hashable {
    /// `org/name`, or `name` alone for some of the hub's oldest repositories, such as `gpt2`.
    package let repository: String
    /// A folder or file in the repository, such as `sub/folder`; nil for all of it.
    package let path: String?
    /// A branch, tag or commit; nil for the default, `main`.
    package let revision: String?

    /// The revision if none is named.
    package static let defaultRevision = "main"

    /// Short names of the most common sets, as in circuit-tracer.
    package static let presets = ["gemma": "mntss/gemma-scope-transcoders", "llama": "mntss/transcoder-Llama-3.2-1B"]

    /// The hub's rule for a path in a repository; in particular, it cannot lead out of it.
    package static func isPath(_ path: String) -> Bool {
        path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy {
            String(Substring($0)).isFileName
        }
    }

    /// Whether the repository is `org/name`; few on the hub are a single word.
    package var hasOrganization: Bool { repository.contains("/") }

    /// - Precondition: `init(parsing:)` would accept the parts.
    init(checked repository: String, path: String?, revision: String?) {
        self.repository = repository
        self.path = path
        self.revision = revision
    }

    /// Another path in the same repository at the same revision.
    package func appending(path more: String) -> HubReference {
        HubReference(checked: repository, path: path.map { $0 + "/" + more } ?? more, revision: revision)
    }

    /// The whole repository at the same revision.
    package var whole: HubReference { HubReference(checked: repository, path: nil, revision: revision) }

    /// The same place at another revision.
    /// - Throws: `.reference`.
    package func at(revision: String) throws(CheckpointError) -> HubReference {
        let other = HubReference(checked: repository, path: path, revision: revision)
        guard Self.isPath(revision) else { throw .reference(text: other.description, fault: .badRevision(revision)) }
        return other
    }
}

extension HubReference {
    /// Reads `org/name[/sub/folder][@revision]`, where two slashes are allowed before the folder,
    /// `hf://org/name[/path/file][?revision=revision]`, or a single word: a preset, else a repository without an
    /// organization.
    /// - Throws: `.reference`.
    package init(parsing text: String) throws(CheckpointError) {
        do throws(ReferenceFault) {
            self = try text.hasPrefix("hf://") ? Self.address(text.dropFirst(5)) : Self.plain(text)
        } catch {
            throw .reference(text: text, fault: error)
        }
    }

    /// `org/name/file?revision=...`: what follows `hf://`.
    private static func address(_ text: Substring) throws(ReferenceFault) -> HubReference {
        let halves = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2 else { return try checked(halves[0], revision: nil) }
        guard halves[1].hasPrefix("revision=") else { throw .badQuery(String(halves[1])) }
        return try checked(halves[0], revision: halves[1].dropFirst("revision=".count))
    }

    /// `org/name/folder@revision`; the revision may have slashes, as in `refs/pr/1`.
    private static func plain(_ text: String) throws(ReferenceFault) -> HubReference {
        let halves = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        return try checked(halves[0], revision: halves.count == 2 ? halves[1] : nil)
    }

    private static func checked(_ text: Substring, revision: Substring?) throws(ReferenceFault) -> HubReference {
        var parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts != [""] else { throw .noRepository }
        for name in parts.prefix(2) where !isName(name) { throw .badName(String(name)) }
        let name = parts.prefix(2).joined(separator: "/")
        parts.removeFirst(min(2, parts.count))
        if parts.count > 1, parts[0].isEmpty { parts.removeFirst() }
        if parts.last?.isEmpty == true { parts.removeLast() }
        let path = parts.joined(separator: "/")
        guard parts.isEmpty || isPath(path) else { throw .badPath(path) }
        let revision = revision.map(String.init)
        if let revision, !isPath(revision) { throw .badRevision(revision) }
        return HubReference(checked: presets[name] ?? name, path: path.isEmpty ? nil : path, revision: revision)
    }

    /// The hub's rule; in particular no name leads out of a folder or looks like the cache's `--`.
    private static func isName(_ name: Substring) -> Bool {
        let edges = [name.first, name.last].allSatisfy { $0 != "." && $0 != "-" }
        return (1...96).contains(name.utf8.count) && name.allSatisfy(\.isAllowedInNames) && edges
            && !name.contains("--") && !name.contains("..")
    }
}

extension HubReference: CustomStringConvertible {
    /// The form `init(parsing:)` reads: `org/name/folder@revision`.
    package var description: String {
        repository + (path.map { "/" + $0 } ?? "") + (revision.map { "@" + $0 } ?? "")
    }
}

extension Character {
    fileprivate var isAllowedInNames: Bool { isASCII && (isLetter || isNumber) || ["-", "_", "."].contains(self) }
}
