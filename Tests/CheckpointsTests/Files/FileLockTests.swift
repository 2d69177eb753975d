import TestSupport
import Testing

@testable import Checkpoints

@Suite struct FileLockTests {
    @Test func `a lock that somebody holds is waited for, but not for ever`() throws {
        let folder = try TemporaryFolder()
        let held = try #require(try FileLock.attempt(folder["lock"]))
        #expect(try FileLock.wait(for: folder["lock"], patience: .milliseconds(20)) == nil)
        withExtendedLifetime(held) {}
    }

    @Test func `a lock that is free is taken at once`() throws {
        let folder = try TemporaryFolder()
        _ = try #require(try FileLock.attempt(folder["lock"]))
        #expect(try FileLock.wait(for: folder["lock"], patience: .zero) != nil)
    }
}
