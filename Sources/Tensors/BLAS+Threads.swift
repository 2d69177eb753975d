internal import COpenBLAS
internal import Synchronization

/// The number of threads that compute products, and the address space that they need.
extension BLAS {
    /// The address space of OpenBLAS for each thread and each simultaneous caller. OpenBLAS retries forever if it cannot get it.
    private static let bufferBytes = 128 << 20
    /// The address space that must stay free for other purposes if there is more than one thread.
    private static let spareBytes = 256 << 20
    private static let hasBuffers = Mutex(false)

    package static var threads: Int { Int(openblas_get_num_threads()) }

    /// Sets the number of threads. Call it before the first product.
    ///
    /// - Parameter count: at least 1, at most `threads`.
    package static func keep(toThreads count: Int) { openblas_keep_to(Int32(count)) }

    /// Reserves the address space that products need before anything else can take it, with room for two simultaneous callers.
    /// If a limit leaves too little for all threads, products run on one thread.
    ///
    /// - Returns: the number of bytes needed, if there is not enough room; otherwise nil.
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
