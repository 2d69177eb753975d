internal import Foundation

/// How many descriptors the process may have, which connections and files share. The usual limit on macOS is 256.
enum DescriptorLimit {
    /// As many as connections, files and everything else can need.
    private static let wanted: rlim_t = 1024
    /// What is kept for files that are read and written while every connection is taken.
    private static let reserve = 64
    /// Fewer could not load a page, whose files come over several at once.
    private static let leastConnections = 8
    /// What is open in a process of ours, where the system does not say.
    private static let usuallyOpen = 32

    /// How many connections there is room for; the limit is raised first, as far as the process may.
    static func connections() -> Int {
        connections(descriptors: raised(), open: (try? FileManager.default.contentsOfDirectory(atPath: "/dev/fd").count) ?? usuallyOpen)
    }

    static func connections(descriptors: Int, open: Int) -> Int { max(descriptors - open - reserve, leastConnections) }

    private static func raised() -> Int {
        var limit = rlimit()
        guard getrlimit(kind, &limit) == 0 else { return Int(wanted) }
        if limit.rlim_cur < wanted {
            var higher = limit
            higher.rlim_cur = min(wanted, limit.rlim_max)
            if setrlimit(kind, &higher) == 0 { limit = higher }
        }
        return Int(clamping: limit.rlim_cur)
    }

    #if canImport(Darwin)
        private static let kind = RLIMIT_NOFILE
    #else
        private static let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #endif
}
