internal import CStartup
internal import Tensors

/// What the limits on this process must leave for it to work (`ulimit -u`, `ulimit -v`, a control group's of tasks). Looked at before
/// anything needs it: the libraries beneath wait for ever for a thread, and end the process where they get no memory.
enum ProcessLimits {
    /// Besides the main one and those that multiply: the session's, and those that commands and their progress run on.
    private static let threads = 4
    /// Of address space, for what is needed before a model is loaded.
    private static let bytes = 64 << 20

    /// - Throws: `ProcessLimit` where there is too little.
    static func prepare() throws(ProcessLimit) {
        let isNarrow = AddressSpace.left != nil
        if isNarrow { startup_save_address_space() }
        // The stacks of a few more stay mapped, so that what is left does not change when another thread is made.
        let found = Threads.available(upTo: threads + BLAS.threads - 1 + (isNarrow ? threads : 0))
        if let left = AddressSpace.left, left < bytes { throw .addressSpace(left: left, needed: bytes) }
        guard found >= threads else { throw .threads(found: found, needed: threads) }
        let multiplying = found - threads + 1
        if multiplying < BLAS.threads { BLAS.keep(toThreads: multiplying) }
    }
}

enum ProcessLimit: Error, CustomStringConvertible {
    /// In bytes.
    case addressSpace(left: Int, needed: Int)
    case threads(found: Int, needed: Int)

    var description: String {
        switch self {
        case .addressSpace(let left, let needed):
            "The limit on this process's address space leaves \(left >> 20) MB, and \(needed >> 20) MB are needed before a model is loaded. `ulimit -v unlimited` lifts it."
        case .threads(let found, let needed):
            "\(needed) threads are needed, and \(found) more can be made. `ulimit -u` shows the limit on a user's processes and threads, `ulimit -v` that on address space, of which each thread takes some."
        }
    }
}
