import Foundation

/// The memory that can be used without swapping, by the kernel: free memory and reclaimable caches, in bytes; nil if the kernel
/// does not say.
package func freeMemory() -> Int? {
    #if os(Linux)
        let lines = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8))?.split(separator: "\n")
        let words = lines?.first { $0.hasPrefix("MemAvailable:") }?.split(separator: " ")
        return words.flatMap { $0.count > 1 ? Int($0[1]) : nil }.map { $0 * 1024 }
    #else
        return nil
    #endif
}
