#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif
import Synchronization

/// A pipe through which signals and finished work wake the main thread.
///
/// The main thread is the only reader. It never blocks in anything but `wait`, so Ctrl-C is seen at once wherever it is.
final class WakeupPipe: Sendable {
    enum Event: Equatable {
        /// Work that was handed away is done.
        case done
        case signal(Int32)
        /// The process was stopped and has been resumed.
        case resumed
        /// The descriptor that was watched has something to read, or has ended.
        case readable
    }

    private let readEnd: Int32
    private let writeEnd: Int32
    /// A signal is handed out once; that Ctrl-C came is kept for whoever asks after the command.
    private let hasSeenInterrupt = Atomic(false)

    init() {
        var ends: [Int32] = [-1, -1]
        let made = pipe(&ends)
        precondition(made == 0, "a process that is out of file descriptors at its start")
        (readEnd, writeEnd) = (ends[0], ends[1])
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// Says that the work is done; from any thread.
    func postDone() { post(0) }

    /// Says that a signal came; from any thread.
    func postSignal(_ number: Int32) { post(UInt8(truncatingIfNeeded: number)) }

    private func post(_ number: UInt8) { _ = withUnsafeBytes(of: number) { systemWrite(writeEnd, $0.baseAddress, 1) } }

    /// Sends these signals here from now on.
    func receive(_ signals: [Int32]) {
        signalPipe.store(writeEnd, ordering: .sequentiallyConsistent)
        for number in signals {
            var action = sigaction()
            setHandler(&action) { number in
                // Only what is safe in a signal's handler: one write, and errno as it was.
                let code = errno
                var byte = UInt8(truncatingIfNeeded: number)
                _ = write(signalPipe.load(ordering: .relaxed), &byte, 1)
                errno = code
            }
            sigaction(number, &action, nil)
        }
    }

    /// The signals that came since they were last looked at.
    func pendingSignals() -> [Int32] {
        var numbers: [Int32] = []
        var byte: UInt8 = 0
        while systemRead(readEnd, &byte, 1) == 1 { if byte != 0, Int32(byte) != SIGCONT { numbers.append(Int32(byte)) } }
        if numbers.contains(SIGINT) { hasSeenInterrupt.store(true, ordering: .relaxed) }
        return numbers
    }

    /// Whether Ctrl-C came since the beginning or `forgetInterrupt`; other signals are left for whoever waits next.
    func wasInterrupted() -> Bool {
        for number in pendingSignals() where number != SIGINT { postSignal(number) }
        return hasSeenInterrupt.load(ordering: .relaxed)
    }

    /// Begins again, as every line does that somebody types.
    func forgetInterrupt() { hasSeenInterrupt.store(false, ordering: .relaxed) }

    /// Waits for the next event; signals come before anything to read.
    ///
    /// - Parameter descriptor: what to watch besides; nil for nothing.
    func wait(watching descriptor: Int32? = nil) -> Event {
        while true {
            var watched = [pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)]
            if let descriptor { watched.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)) }
            _ = poll(&watched, nfds_t(watched.count), -1)
            var byte: UInt8 = 0
            if systemRead(readEnd, &byte, 1) == 1 {
                if Int32(byte) == SIGINT { hasSeenInterrupt.store(true, ordering: .relaxed) }
                return byte == 0 ? .done : Int32(byte) == SIGCONT ? .resumed : .signal(Int32(byte))
            }
            if watched.count > 1, watched[1].revents != 0 { return .readable }
        }
    }
}

/// Where the handler writes. Initialised before any handler is installed.
private let signalPipe = Atomic<Int32>(-1)

/// The handler's field has another name on each system.
private func setHandler(_ action: inout sigaction, _ handler: @escaping @convention(c) (Int32) -> Void) {
    #if canImport(Darwin)
        action.__sigaction_u.__sa_handler = handler
    #else
        action.__sigaction_handler.sa_handler = handler
    #endif
}

/// Does nothing at this signal, where the default would end the process.
func ignoreSignal(_ number: Int32) { _ = signal(number, SIG_IGN) }

/// Lets a signal do what it does by default: ends the process by it, so that its parent can tell.
func endBySignal(_ number: Int32) -> Never {
    _ = signal(number, SIG_DFL)
    raise(number)
    exit(128 + number)
}
