internal import Checkpoints
internal import Foundation

/// The folder's own files, where something else has damaged them: they cost what they say, and are never written over.
extension GraphFolder {
    private static let ending = ".damaged"

    /// What `read` makes of a file; nil where the file is damaged, which is then kept under another name.
    ///
    /// Only for those who hold the folder's lock and write the file next.
    /// - Throws: what says nothing about the file's content: no permission, a link in its place.
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

    /// A sentence for each file that was set aside and is still there.
    func setAside(among names: Set<String>) -> [String] {
        names.sorted().compactMap { kept in
            let owner = [Self.metadataName, Self.labelsName].first { kept.hasPrefix($0 + Self.ending) }
            return owner.map { "\(kept) is a damaged \($0) that was set aside. Mend it and rename it to \($0), or delete it." }
        }
    }

    /// - Parameter cost: what is missing for it, as a sentence.
    func notice(of error: CheckpointError, in name: String, cost: String) -> String {
        "\(error) \(cost)" + (error.isDamage ? " When it is written next, it is kept as \(name)\(Self.ending)." : "")
    }
}

extension CheckpointError {
    /// Whether a file was read and does not say what it should.
    var isDamage: Bool {
        switch self {
        case .unreadable, .unwritable, .notRegular: false
        default: true
        }
    }
}
