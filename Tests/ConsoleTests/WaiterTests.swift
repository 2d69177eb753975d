#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif
import JSON
import Synchronization
import TestSupport
import Testing

@testable import Console
@testable import Workbench

@Suite struct WaiterTests {
    @Test func `work's result and error come back`() async throws {
        let waiter = Waiter(wakeupPipe: WakeupPipe())
        #expect(try await onThread { try waiter.run { 5 } } == 5)
        await #expect(throws: SessionError.self) { try await onThread { try waiter.run { throw SessionError("no") } } }
    }

    @Test func `a signal cancels the work`() async throws {
        let wakeupPipe = WakeupPipe()
        let signals = Mutex<[Int32]>([])
        await #expect(throws: CancellationError.self) {
            try await onThread {
                try Waiter(wakeupPipe: wakeupPipe).run(onSignal: { signal in signals.withLock { $0.append(signal) } }) {
                    wakeupPipe.postSignal(SIGINT)
                    // A sleep that is not cancelled ends without an error.
                    try await Task.sleep(for: .seconds(60))
                }
            }
        }
        #expect(signals.withLock { $0 } == [SIGINT])
    }

    @Test func `a signal nobody asked about is left for the next`() async throws {
        let wakeupPipe = WakeupPipe()
        wakeupPipe.postSignal(SIGTERM)
        #expect(try await onThread { try Waiter(wakeupPipe: wakeupPipe).run { 5 } } == 5)
        #expect(wakeupPipe.pendingSignals() == [SIGTERM])
    }

    @Test func `lines of a pipe come as they arrive`() throws {
        var ends: [Int32] = [-1, -1]
        #expect(pipe(&ends) == 0)
        try Files.write(Array("a\r\nb\n\u{e9}".utf8), to: ends[1])
        close(ends[1])
        var lines = PipedLines(descriptor: ends[0], wakeupPipe: WakeupPipe())
        #expect((0..<4).map { _ in lines.next(prompt: "") } == [.line("a"), .line("b"), .line("\u{e9}"), .end])
        close(ends[0])
    }

    @Test func `a byte order mark is skipped, and bytes that are no UTF-8 are not guessed at`() throws {
        let bytes: [UInt8] = byteOrderMark + Array("a\n".utf8) + [0xFF, 10] + byteOrderMark + [98]
        let expected: [LineRead] = [.line("a"), .notUTF8, .line("\u{FEFF}b"), .end]
        var listed = ListedLines(bytes: bytes)
        #expect((0..<4).map { _ in listed.next(prompt: "") } == expected)

        var ends: [Int32] = [-1, -1]
        #expect(pipe(&ends) == 0)
        #expect(systemWrite(ends[1], bytes, bytes.count) == bytes.count)
        close(ends[1])
        var piped = PipedLines(descriptor: ends[0], wakeupPipe: WakeupPipe())
        #expect((0..<4).map { _ in piped.next(prompt: "") } == expected)
        close(ends[0])
    }

    @Test func `an interruption is kept until it is forgotten, and other signals stay`() {
        let wakeupPipe = WakeupPipe()
        #expect(!wakeupPipe.wasInterrupted())
        wakeupPipe.postSignal(SIGTERM)
        wakeupPipe.postSignal(SIGINT)
        #expect(wakeupPipe.wasInterrupted() && wakeupPipe.wasInterrupted())
        #expect(wakeupPipe.pendingSignals() == [SIGTERM])
        wakeupPipe.forgetInterrupt()
        #expect(!wakeupPipe.wasInterrupted())
    }

    @Test func `progress tells rate and time left`() {
        let progress = WorkProgress(phase: "attribution", done: 50, total: 200, unit: "rows")
        #expect(ProgressLine.text(progress, elapsed: 2) == "attribution 50/200 rows, 25 rows/s, 6 s left")
        // What was done before the phase began says nothing about how fast it goes.
        #expect(ProgressLine.text(progress, since: 40, elapsed: 2) == "attribution 50/200 rows, 5 rows/s, 30 s left")
        #expect(ProgressLine.text(progress, since: 50, elapsed: 2) == "attribution 50/200 rows")
        #expect(ProgressLine.text(progress, elapsed: 0) == "attribution 50/200 rows")
    }
}
