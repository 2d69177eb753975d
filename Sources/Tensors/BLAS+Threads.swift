internal import COpenBLAS
internal import Synchronization

/// How many threads multiply, and the address space they need.
extension BLAS {
    /// Of address space, for each thread and each caller at once. Where OpenBLAS gets none it asks for ever.
    private static let bufferBytes = 128 << 20
    /// Of address space, that more threads than one must leave for other things.
    private static let spareBytes = 256 << 20
    private static let hasBuffers = Mutex(false)

    package static var threads: Int { Int(openblas_get_num_threads()) }

    /// Before the first product.
    ///
    /// - Parameter count: 1 or more, no more than `threads`.
    package static func keep(toThreads count: Int) { openblas_keep_to(Int32(count)) }

    /// Takes what products need, before anything else can: on one thread where a limit leaves too little for more. There is
    /// room for two callers at once.
    ///
    /// - Returns: the bytes that are missing; nil where nothing is.
    package static func takeBuffers() -> Int? {
        hasBuffers.withLock { hasBuffers in
            if hasBuffers { return nil }
            for count in [threads, 1] where AddressSpace.hasRoom(for: (count + 1) * bufferBytes + (count > 1 ? spareBytes : 0)) {
                if count < threads { keep(toThreads: count) }
                if AddressSpace.left != nil { openblas_take_buffers(Int32(count + 1)) }
                hasBuffers = true
                return nil
            }
            return 2 * bufferBytes
        }
    }
}
