internal import Checkpoints
package import Foundation

/// Texts to index: a file, and how it is cut into documents.
package struct Corpus: Sendable, Equatable {
    /// What is a document.
    package enum Form: String, Sendable {
        /// Each line that is not blank.
        case lines
        /// Lines up to a blank one.
        case paragraphs
        /// One field of the JSON object on each line.
        case jsonLines
    }

    /// As it was named.
    package let name: String
    package let file: URL
    package let form: Form
    /// The field with the text, where each line is an object.
    package let field: String
    package let byteCount: Int
    /// Of its content and of how it is cut: the same wherever the file is.
    package let identity: String

    /// Reads all of it once.
    ///
    /// - Parameter form: nil for that which the name's ending says.
    /// - Throws: `IndexError`.
    package init(_ file: URL, name: String, form: Form? = nil, field: String = "text") throws {
        self.name = name
        self.file = file
        self.field = field
        self.form = form ?? (["jsonl", "ndjson"].contains(URL(filePath: name).pathExtension.lowercased()) ? .jsonLines : .lines)
        var (source, sum, count) = (try ByteSource(file, name: name), Checksum(), 0)
        while let chunk = try source.next() {
            try Task.checkCancellation()
            sum.update(chunk)
            count += chunk.count
        }
        byteCount = count
        var cut = Checksum()
        cut.update(self.form.rawValue)
        if self.form == .jsonLines { cut.update(field) }
        identity = "\(count) \(sum.text) \(cut.text)"
    }

    /// The identity in 64 bits.
    package var key: Int64 {
        var sum = Checksum()
        sum.update(identity)
        return Int64(bitPattern: sum.value)
    }
}

/// Some documents that follow each other: what is run, counted and kept together.
struct TextBlock {
    /// Its place in the corpus.
    let number: Int
    var documents: [String] = []
    /// How many bytes of the corpus it and what comes before it take.
    var end = 0
}

/// Reads a corpus block by block. A block is full from a number of bytes on, so where it ends needs no tokenizer.
struct BlockReader {
    private var documents: DocumentReader
    private let fullBytes: Int
    private var number = 0

    init(_ corpus: Corpus, fullBytes: Int) throws {
        documents = try DocumentReader(corpus)
        self.fullBytes = fullBytes
    }

    /// How many documents had bytes that are not UTF-8, and were read with U+FFFD in their place.
    var repaired: Int { documents.repaired }

    /// nil after the last one.
    mutating func next() throws -> TextBlock? {
        var (block, bytes) = (TextBlock(number: number), 0)
        while bytes < fullBytes, let document = try documents.next() {
            block.documents.append(document)
            bytes += document.utf8.count
        }
        guard !block.documents.isEmpty else { return nil }
        block.end = documents.offset
        number += 1
        return block
    }
}
