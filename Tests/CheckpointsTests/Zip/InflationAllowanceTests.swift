import Testing

@testable import Checkpoints

@Suite struct InflationAllowanceTests {
    private func member(_ name: String, _ byteCount: Int) -> ZipArchive.Member {
        ZipArchive.Member(name: name, method: .deflated, checksum: 0, byteCount: byteCount, range: 0..<1)
    }

    @Test func `members together take at most sixteen times the file, and each counts once`() throws {
        let allowance = InflationAllowance(fileByteCount: 10_000_000) { nil }
        for _ in 0..<3 { try allowance.take(member("a", 100_000_000)) }
        try allowance.take(member("b", 60_000_000))
        #expect(throws: ZipFault.allowance(member: "c", size: 1, limit: 160_000_000)) { try allowance.take(member("c", 1)) }
        #expect(throws: ZipFault.self) { try allowance.take(member("d", .max)) }
    }

    @Test func `a small file may have 64 MB of zeros in it`() throws {
        try InflationAllowance(fileByteCount: 100) { nil }.take(member("a", 1 << 26))
    }

    @Test func `what does not fit in memory is refused before it is taken`() {
        let allowance = InflationAllowance(fileByteCount: 1 << 40) { 100_000_000 }
        #expect(throws: ZipFault.outOfMemory(member: "a", size: 100_000_001)) { try allowance.take(member("a", 100_000_001)) }
        #expect(throws: Never.self) { try allowance.take(member("b", 99_000_000)) }
    }
}
