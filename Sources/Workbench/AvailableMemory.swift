internal import Foundation

/// Memory that can be taken without making the machine swap or the process be killed, in bytes; nil where nothing tells.
///
/// Linux: what the kernel calls available, and what control groups and the shell's limit leave; elsewhere half of the
/// machine's.
func availableMemory() -> Int? {
    #if os(Linux)
        let left = [memoryAvailable(), ControlGroups.ofThisProcess.memoryLeft, addressSpaceLeft()].compactMap(\.self)
        return left.min()
    #else
        return Int(ProcessInfo.processInfo.physicalMemory / 2)
    #endif
}

/// `MemAvailable` of /proc/meminfo: free memory and what caches would give back.
private func memoryAvailable() -> Int? {
    let lines = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8))?.split(separator: "\n")
    let words = lines?.first { $0.hasPrefix("MemAvailable:") }?.split(separator: " ")
    return words.flatMap { $0.count > 1 ? Int($0[1]) : nil }.map { $0 * 1024 }
}

#if os(Linux)
    /// What `ulimit -v` leaves of the address space; nil without a limit.
    private func addressSpaceLeft() -> Int? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur != rlim_t.max, limit.rlim_cur < rlim_t(Int.max),
            let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ").first.flatMap({ Int($0) })
        else { return nil }
        return max(0, Int(limit.rlim_cur) - pages * sysconf(Int32(_SC_PAGESIZE)))
    }
#endif
