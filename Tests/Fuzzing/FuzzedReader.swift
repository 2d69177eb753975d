package import Foundation

/// Something that reads bytes which anybody may have written, and bytes for it to start from.
///
/// What is wrong with an input is an error in words. Nothing else may come of it: no trap, no endless loop, no memory beyond
/// what the input's size explains.
package struct FuzzedReader: Sendable, CustomStringConvertible {
    package let name: String
    /// Words that the format knows, which mutations put in.
    package let words: [String]
    private let fixtures: [String]
    private let written: @Sendable () throws -> [[UInt8]]
    private let body: @Sendable ([UInt8]) throws -> Void

    /// - Parameters:
    ///   - fixtures: files of the repository, by their paths in Tests, to start from.
    ///   - written: what the program's own writers make.
    ///   - read: reads the whole of it, as far as the program would.
    init(
        _ name: String, words: [String] = [], fixtures: [String] = [], written: @escaping @Sendable () throws -> [[UInt8]] = { [] },
        read: @escaping @Sendable ([UInt8]) throws -> Void
    ) {
        (self.name, self.words, self.fixtures, self.written, body) = (name, words, fixtures, written, read)
    }

    package var description: String { name }

    private static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

    /// Where inputs that were found are kept, one a file.
    package var corpusFolder: URL { Self.tests.appending(path: "Fuzzing/Corpus/\(name)") }

    /// Every input to start from, always in the same order.
    package func seeds() throws -> [[UInt8]] {
        let found = (try? FileManager.default.contentsOfDirectory(atPath: corpusFolder.path).sorted()) ?? []
        let files = fixtures.map { Self.tests.appending(path: $0) } + found.map { corpusFolder.appending(path: $0) }
        return try written() + files.map { try [UInt8](Data(contentsOf: $0)) }
    }

    /// The words as libFuzzer reads them.
    package var dictionary: String {
        words.map { word in "\"\(word.utf8.map { "\\x" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())\"\n" }.joined()
    }

    /// Reads the input.
    ///
    /// - Returns: what is wrong with the words that refuse it, if there is something.
    package func fault(reading input: [UInt8]) -> String? {
        do {
            try body(input)
            return nil
        } catch let broken as BrokenLaw {
            return broken.description
        } catch {
            let sentence = "\(error)"
            if sentence.isEmpty { return "an error without words" }
            return sentence.utf8.count > 10_000 ? "an error of \(sentence.utf8.count) bytes" : nil
        }
    }
}

/// A reader took an input and did something with it that it must not.
struct BrokenLaw: Error, CustomStringConvertible {
    let description: String
}

/// - Throws: `BrokenLaw` where it does not hold.
func require(_ holds: Bool, _ law: String) throws {
    if !holds { throw BrokenLaw(description: law) }
}
