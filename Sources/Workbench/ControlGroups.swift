internal import Foundation

/// The control groups that limit a process: a container, a job of Slurm's, a unit of systemd's.
///
/// Source: the kernel's documentation, "Control Group v2" and "Memory Resource Controller" (version 1).
struct ControlGroups {
    /// Where the groups are mounted.
    let root: URL
    /// What `/proc/self/cgroup` says: a line `0::/PATH` for version 2, `NUMBER:CONTROLLERS:/PATH` for version 1.
    let membership: String

    static var ofThisProcess: ControlGroups {
        let membership = try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)
        return ControlGroups(root: URL(filePath: "/sys/fs/cgroup"), membership: membership ?? "")
    }

    /// What the tightest group leaves, in bytes; nil if none has a limit. A file cache counts as free: it is given back.
    var memoryLeft: Int? {
        membership.split(separator: "\n").flatMap { line -> [Int] in
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { return [] }
            let (controllers, path) = (parts[1].split(separator: ","), String(parts[2]))
            if parts[0] == "0" { return left(in: path, under: root, limit: "memory.max", used: "memory.current", cache: "file") }
            guard controllers.contains("memory") else { return [] }
            return left(
                in: path, under: root.appending(path: "memory"), limit: "memory.limit_in_bytes", used: "memory.usage_in_bytes",
                cache: "total_cache")
        }.min()
    }

    /// Of a group and of all that it is in, each that has a limit. In a container the path may be the host's, and only its
    /// beginning be here.
    private func left(in path: String, under root: URL, limit: String, used: String, cache: String) -> [Int] {
        let names = path.split(separator: "/")
        return (0...names.count).compactMap { depth in
            let group = root.appending(path: names.prefix(depth).joined(separator: "/"))
            func text(_ file: String) -> String? { try? String(contentsOf: group.appending(path: file), encoding: .utf8) }
            func number(_ file: String) -> Int? { text(file).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) } }
            guard let limit = number(limit), limit < Self.unlimited, let used = number(used) else { return nil }
            let statistics = text("memory.stat")?.split(separator: "\n").first { $0.hasPrefix(cache + " ") }
            return max(0, limit - used + (statistics?.split(separator: " ").last.flatMap { Int($0) } ?? 0))
        }
    }

    /// Version 1 writes the largest number of pages for no limit.
    private static let unlimited = 1 << 60
}
