import Foundation
import Testing
@testable import Tokenization

@Suite struct ScalarClassTests {
    /// The ranges of scalars in classes.json under `name`.
    private static func recorded(_ name: String) throws -> Set<UInt32> {
        let classes = try JSONDecoder().decode([String: [[UInt32]]].self, from: Fixture.data("classes.json"))
        return Set(try #require(classes[name]).flatMap { $0[0]...$0[1] })
    }

    private static let scalars = (UInt32(0)...0x10FFFF).compactMap(Unicode.Scalar.init)

    @Test(arguments: [
        ("digit", ScalarClass.digit), ("punctuation", .punctuation), ("whiteSpace", .whiteSpace), ("word", .word), ("other", .other),
    ])
    func `a class holds the scalars that it holds in the reference`(name: String, scalarClass: ScalarClass) throws {
        try expect(name, scalarClass.contains)
    }

    @Test(arguments: [(#"[\w]"#, ScalarSet.word), (#"\w"#, .wordEscape)])
    func `an escape holds the scalars that it holds in the reference`(name: String, set: ScalarSet) throws {
        try expect(name, set.contains)
    }

    /// That the scalars which `contains` are those recorded.
    private func expect(_ name: String, _ contains: (ClassifiedScalar) -> Bool) throws {
        let wanted = try Self.recorded(name)
        let wrong = Self.scalars.filter { scalar in
            let classified = ClassifiedScalar(value: scalar.value, category: ScalarCategory.bit(of: scalar))
            return contains(classified) != wanted.contains(scalar.value)
        }
        #expect(wrong.isEmpty, "\(wrong.count) scalars, from U+\(String(wrong.first?.value ?? 0, radix: 16))")
    }

    @Test func `the scalars that have a lower case are the reference's`() throws {
        var source = TokenizerSource()
        source.normalizer = #"{"type": "Lowercase"}"#
        let normalizer = try Normalizer(FileValue(Data(source.normalizer.utf8), file: .tokenizer))
        let wanted = try Self.recorded("lowered")
        let wrong = try Self.scalars.filter { scalar in
            let utf8 = Array(String(scalar).utf8)
            return (Array(try normalizer.apply(to: utf8[...])) != utf8) != wanted.contains(scalar.value)
        }
        #expect(wrong.isEmpty, "\(wrong.count) scalars, from U+\(String(wrong.first?.value ?? 0, radix: 16))")
        let sigma = try normalizer.apply(to: Array("\u{3A3}\u{130}".utf8)[...])
        #expect(String(decoding: sigma, as: UTF8.self).spelled == "\u{3C3}i\u{307}".spelled)
    }
}
