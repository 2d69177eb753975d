import Foundation

/// What the kernel says can be taken without making the machine swap: free memory and what caches would give back, in bytes;
/// nil where it does not say.
package func freeMemory() -> Int? {
    #if os(Linux)
        let lines = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8))?.split(separator: "\n")
        let words = lines?.first { $0.hasPrefix("MemAvailable:") }?.split(separator: " ")
        return words.flatMap { $0.count > 1 ? Int($0[1]) : nil }.map { $0 * 1024 }
    #else
        return nil
    #endif
}
