internal import Foundation

/// The limit on the process's descriptors, which connections and files share. The usual limit on macOS is 256.
enum DescriptorLimit {
    /// Enough for connections, files and everything else.
    private static let wanted: rlim_t = 1024
    /// Descriptors reserved for files that are read and written while every connection is taken.
    private static let reserve = 64
    /// Fewer could not load the page, whose files come over several connections at once.
    private static let leastConnections = 8
    /// The usual number of open descriptors, if the system does not say.
    private static let usuallyOpen = 32

    /// How many connections there is room for, after raising the limit as far as possible.
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
