internal import Foundation

/// The folder that runs are stored in: this user's alone, for prompts can be read out of a run, and a run that somebody else
/// has put there would be taken for a result.
struct StoreFolder {
    let url: URL

    /// The folder where it may be used; nil also if there is none yet.
    var usable: URL? {
        guard case .private = state else { return nil }
        return url
    }

    /// Why it is not used, for its user to read; nil if it is or can be made.
    var refusal: String? {
        let beginning = "Runs of prompts are not stored: \(url.path)"
        switch state {
        case .private, .absent, .unreachable: return nil
        case .foreign(let owner):
            return "\(beginning) belongs to \(name(of: owner)). Set XDG_CACHE_HOME to a folder of your own."
        case .shared(let mode):
            let octal = String(mode, radix: 8)
            return
                "\(beginning) can be written to by others (its mode is \(octal)). Remove it, or, where all in it is yours, make it yours alone with chmod 700."
        }
    }

    /// Makes the folder where it is not there.
    ///
    /// - Returns: it, where it may be used.
    func made() -> URL? {
        if case .absent = state {
            try? FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            mkdir(url.path, 0o700)
        }
        return usable
    }

    private enum State {
        case `private`
        case absent
        case unreachable
        case foreign(uid_t)
        /// Its permissions.
        case shared(mode_t)
    }

    private var state: State {
        var (link, folder) = (stat(), stat())
        guard lstat(url.path, &link) == 0 else { return errno == ENOENT ? .absent : .unreachable }
        // Whoever owns a link decides where it leads.
        guard link.st_uid == geteuid() || link.st_uid == 0 else { return .foreign(link.st_uid) }
        guard stat(url.path, &folder) == 0, folder.st_mode & S_IFMT == S_IFDIR else { return .unreachable }
        guard folder.st_uid == geteuid() else { return .foreign(folder.st_uid) }
        guard folder.st_mode & 0o022 == 0 else { return .shared(folder.st_mode & 0o7777) }
        // Earlier releases let others read.
        if folder.st_mode & 0o077 != 0 { chmod(url.path, 0o700) }
        return .private
    }

    private func name(of user: uid_t) -> String {
        getpwuid(user).map { String(cString: $0.pointee.pw_name) } ?? "user \(user)"
    }
}
