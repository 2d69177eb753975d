import Testing

@testable import Checkpoints

@Suite struct StableHashTests {
    /// From the function's authors, Fowler, Noll and Vo.
    @Test(arguments: [("", "cbf29ce484222325"), ("a", "af63dc4c8601ec8c"), ("foobar", "85944171f73967e8")])
    func `it is FNV-1a`(text: String, digits: String) { #expect(StableHash.of(text.utf8).sixteenDigits == digits) }

    @Test func `small numbers are spelled in 16 digits too`() { #expect((0x1F as UInt64).sixteenDigits == "000000000000001f") }
}
