internal import Checkpoints
internal import Foundation

/// Damaged files of the folder's own: only what they say is lost, and they are never overwritten.
extension GraphFolder {
    private static let ending = ".damaged"

    /// What `read` returns for a file; nil if the file is damaged, which is then kept under another name.
    ///
    /// Only for callers that hold the folder's lock and write the file next.
    /// - Throws: errors that do not concern the file's contents: no permission, a link in its place.
    func settingAside<Value>(
        _ name: String, _ read: () throws(CheckpointError) -> Value
    ) throws(CheckpointError) -> Value? {
        do throws(CheckpointError) {
            return try read()
        } catch {
            guard error.isDamage else { throw error }
            try setAside(name)
            return nil
        }
    }

    private func setAside(_ name: String) throws(CheckpointError) {
        let file = url.appendingPathComponent(name)
        var number = 1
        while true {
            let kept = url.appendingPathComponent(name + Self.ending + (number == 1 ? "" : "-\(number)"))
            var status = stat()
            if lstat(kept.path, &status) != 0 {
                guard rename(file.path, kept.path) == 0 else { throw .unwritable(file: kept, reason: SystemError(code: errno)) }
                return
            }
            number += 1
        }
    }

    /// A sentence for each file of this name that was set aside and still exists.
    func setAside(_ name: String, among names: Set<String>) -> [String] {
        names.sorted().compactMap { kept in
            let owner = kept.hasPrefix(name + Self.ending) ? name : nil
            return owner.map { "\(kept) is a damaged \($0) that was set aside. Repair it and rename it to \($0), or delete it." }
        }
    }

    /// - Parameter cost: what is missing because of it, as a sentence.
    func notice(of error: CheckpointError, in name: String, cost: String) -> String {
        "\(error) \(cost)" + (error.isDamage ? " The next time it is written, the damaged file is kept as \(name)\(Self.ending)." : "")
    }
}

extension CheckpointError {
    /// Whether a file could be read but has the wrong contents.
    var isDamage: Bool {
        switch self {
        case .unreadable, .unwritable, .notRegular: false
        default: true
        }
    }
}
