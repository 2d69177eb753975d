import Testing

@testable import JSON

@Suite struct JSONEscapeTests {
    @Test(
        arguments: [
            (#"\n!"#, "\n", 2), (#"\/!"#, "/", 2), (#"\u00E9!"#, "\u{E9}", 6), (#"\ud83D\uDe00!"#, "\u{1F600}", 12),
        ] as [(String, Unicode.Scalar, Int)])
    func `an escape is read and passed`(text: String, scalar: Unicode.Scalar, length: Int) throws {
        var place = text.startIndex
        #expect(try JSONEscape.read(text.utf8, at: &place) == scalar)
        #expect(text.utf8.distance(from: text.startIndex, to: place) == length)
    }

    @Test(
        arguments: [
            (#"\"#, JSONEscape.Fault.endsEarly, 1), (#"\é"#, .unknown, 2), (#"\u12g4"#, .digits, 2), (#"\u12"#, .digits, 2),
            (#"\ud83dx"#, .loneSurrogate, 6), (#"\ude00"#, .loneSurrogate, 6), (#"\ud83d\u0041"#, .loneSurrogate, 12), (#"\ud83d\u00"#, .digits, 8),
        ] as [(String, JSONEscape.Fault, Int)])
    func `what is not one is told, and how far it was read`(text: String, fault: JSONEscape.Fault, length: Int) {
        var place = text.startIndex
        #expect(throws: fault) { try JSONEscape.read(text.utf8, at: &place) }
        #expect(text.utf8.distance(from: text.startIndex, to: place) == length)
    }
}
