#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// Threads of this process.
enum Threads {
    /// How many can be made now. They are made, counted and ended; the system keeps their stacks for the next ones.
    static func available(upTo wanted: Int) -> Int {
        #if canImport(Glibc)
            let gate = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
            defer { gate.deallocate() }
            pthread_mutex_init(gate, nil)
            pthread_mutex_lock(gate)
            var made: [pthread_t] = []
            while made.count < wanted {
                var thread = pthread_t()
                guard pthread_create(&thread, nil, waitAtGate, gate) == 0 else { break }
                made.append(thread)
            }
            pthread_mutex_unlock(gate)
            for thread in made { pthread_join(thread, nil) }
            pthread_mutex_destroy(gate)
            return made.count
        #else
            return wanted
        #endif
    }
}

#if canImport(Glibc)
    private func waitAtGate(_ gate: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        let gate = gate!.assumingMemoryBound(to: pthread_mutex_t.self)
        pthread_mutex_lock(gate)
        pthread_mutex_unlock(gate)
        return nil
    }
#endif
