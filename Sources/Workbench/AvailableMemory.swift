internal import Checkpoints
internal import Foundation
internal import Tensors

/// Memory that can be taken without making the machine swap or the process be killed, in bytes; nil if nothing tells.
///
/// Linux: what the kernel calls available, and what control groups and the shell's limit leave; elsewhere half of the
/// machine's. A part is kept back for what is not counted before it is allocated.
func availableMemory() -> Int? {
    #if os(Linux)
        let left = [freeMemory(), ControlGroups.ofThisProcess.memoryLeft, AddressSpace.left].compactMap(\.self)
        return left.min().map { max(0, $0 - uncounted) }
    #else
        return Int(ProcessInfo.processInfo.physicalMemory / 2)
    #endif
}

/// Threads' stacks, tables, texts, and what the heap loses between its pieces.
private let uncounted = 32 << 20

/// The most memory this process has used, in bytes.
func peakMemory() -> Int {
    var usage = rusage()
    #if canImport(Darwin)
        getrusage(RUSAGE_SELF, &usage)
        return usage.ru_maxrss
    #else
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss * 1024
    #endif
}
