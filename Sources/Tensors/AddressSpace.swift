internal import Foundation

/// The address space of this process, on which a limit may be set (`ulimit -v`).
package enum AddressSpace {
    /// The bytes that the limit leaves; nil if there is no limit.
    package static var left: Int? {
        #if os(Linux)
            var limit = rlimit()
            guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur < rlim_t(Int.max),
                let sizes = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
                let pages = sizes.split(separator: " ").first.flatMap({ Int($0) })
            else { return nil }
            return max(0, Int(limit.rlim_cur) - pages * sysconf(Int32(_SC_PAGESIZE)))
        #else
            return nil
        #endif
    }

    /// Whether `byteCount` bytes can be mapped in one piece now.
    package static func hasRoom(for byteCount: Int) -> Bool {
        let room = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let room, room != MAP_FAILED else { return false }
        munmap(room, byteCount)
        return true
    }
}
