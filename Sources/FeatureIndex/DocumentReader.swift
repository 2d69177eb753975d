internal import Foundation
internal import JSON

/// The bytes of a file, some at a time.
struct ByteSource {
    private let handle: FileHandle
    private let name: String
    private static let chunk = 1 << 20

    init(_ file: URL, name: String) throws(IndexError) {
        self.name = name
        do { handle = try FileHandle(forReadingFrom: file) } catch { throw .unreadable(corpus: name, reason: Self.reason(error)) }
    }

    mutating func next() throws(IndexError) -> [UInt8]? {
        do {
            guard let data = try handle.read(upToCount: Self.chunk), !data.isEmpty else { return nil }
            return [UInt8](data)
        } catch { throw .unreadable(corpus: name, reason: Self.reason(error)) }
    }

    private static func reason(_ error: any Error) -> String {
        let underlying = ((error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError) ?? error as NSError
        return underlying.domain == NSPOSIXErrorDomain ? String(cString: strerror(Int32(underlying.code))) : error.localizedDescription
    }
}

/// The lines of a file. Where a line is too long, pieces of it.
struct LineReader {
    private var source: ByteSource
    private var buffer: [UInt8] = []
    /// Where the next line begins in the buffer.
    private var start = 0
    private var isAtEnd = false
    private(set) var offset = 0
    /// The number of the line that the last piece is in, from 1.
    private(set) var line = 0
    private var wasWhole = true

    init(_ source: ByteSource) { self.source = source }

    /// The next line without its end, or as much of it as the limit allows; nil after the last one.
    ///
    /// - Parameter limit: in bytes.
    mutating func next(limit: Int) throws(IndexError) -> (bytes: ArraySlice<UInt8>, isWhole: Bool)? {
        var searched = start
        while true {
            if let end = lineEnd(from: searched), end - start <= limit { return take(end, skipping: 1) }
            if buffer.count - start > limit { return take(Self.cutPlace(buffer[start..<start + limit]), skipping: 0) }
            searched = buffer.count
            if isAtEnd {
                guard start < buffer.count else { return nil }
                return take(buffer.count, skipping: 0, isLast: true)
            }
            try fill(&searched)
        }
    }

    private func lineEnd(from place: Int) -> Int? {
        buffer.withUnsafeBytes { bytes in
            guard place < bytes.count, let end = memchr(bytes.baseAddress! + place, 0x0A, bytes.count - place) else { return nil }
            return UnsafeRawPointer(end) - bytes.baseAddress!
        }
    }

    private mutating func fill(_ searched: inout Int) throws(IndexError) {
        guard let more = try source.next() else {
            isAtEnd = true
            return
        }
        if start > 0 {
            buffer.removeFirst(start)
            searched -= start
            start = 0
        }
        // A byte order mark does not belong to the text.
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let isMarked = offset == 0 && buffer.isEmpty && more.starts(with: mark)
        if isMarked { offset = mark.count }
        buffer += isMarked ? more.dropFirst(mark.count) : more[...]
    }

    private mutating func take(_ end: Int, skipping: Int, isLast: Bool = false) -> (bytes: ArraySlice<UInt8>, isWhole: Bool) {
        if wasWhole { line += 1 }
        wasWhole = skipping > 0 || isLast
        var bytes = buffer[start..<end]
        if skipping > 0, bytes.last == 0x0D { bytes.removeLast() }
        offset += end + skipping - start
        start = end + skipping
        return (bytes, wasWhole)
    }

    /// Where to cut a long text: after its last white space, where that is in its second half, else between two characters.
    static func cutPlace(_ bytes: ArraySlice<UInt8>) -> Int {
        let middle = bytes.startIndex + bytes.count / 2
        if let space = bytes[middle...].lastIndex(where: { $0 == 0x20 || $0 == 0x09 }) { return space + 1 }
        var end = bytes.endIndex
        while end > bytes.endIndex - 4, end > bytes.startIndex + 1, bytes[end - 1] & 0xC0 == 0x80 { end -= 1 }
        return bytes[end - 1] >= 0xC0 ? end - 1 : bytes.endIndex
    }
}

/// The documents of a corpus, none of them blank; a long one in pieces.
struct DocumentReader {
    private let corpus: Corpus
    private var lines: LineReader
    /// Pieces of a long document that are still to come, the next one last.
    private var pieces: [ArraySlice<UInt8>] = []
    private(set) var repaired = 0

    /// The most bytes of a document; a longer one is read in pieces.
    static let pieceLimit = 1 << 16
    /// The most bytes of a line of JSON.
    static let objectLimit = 1 << 28

    init(_ corpus: Corpus) throws(IndexError) {
        self.corpus = corpus
        lines = LineReader(try ByteSource(corpus.file, name: corpus.name))
    }

    /// Bytes read so far.
    var offset: Int { lines.offset }

    /// nil after the last one.
    mutating func next() throws(IndexError) -> String? {
        while true {
            guard let bytes = try nextBytes() else { return nil }
            if let text = text(bytes) { return text }
        }
    }

    private mutating func nextBytes() throws(IndexError) -> ArraySlice<UInt8>? {
        switch corpus.form {
        case .lines: return try lines.next(limit: Self.pieceLimit)?.bytes
        case .paragraphs: return try paragraph()
        case .jsonLines:
            if let piece = pieces.popLast() { return piece }
            guard let (line, isWhole) = try lines.next(limit: Self.objectLimit) else { return nil }
            guard isWhole else { throw fault(.tooLong(limit: Self.objectLimit)) }
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return line }
            var rest = try field(of: Array(line))[...]
            while rest.count > Self.pieceLimit {
                let end = LineReader.cutPlace(rest.prefix(Self.pieceLimit))
                pieces.append(rest[..<end])
                rest = rest[end...]
            }
            pieces.append(rest)
            pieces.reverse()
            return pieces.popLast()
        }
    }

    /// Lines up to a blank one.
    private mutating func paragraph() throws(IndexError) -> ArraySlice<UInt8>? {
        var paragraph: [UInt8] = []
        while paragraph.count < Self.pieceLimit, let (line, isWhole) = try lines.next(limit: Self.pieceLimit) {
            let isBlank = line.allSatisfy { $0 == 0x20 || $0 == 0x09 }
            if isBlank, isWhole, !paragraph.isEmpty { return paragraph[...] }
            if isBlank { continue }
            if !paragraph.isEmpty { paragraph.append(0x0A) }
            paragraph += line
        }
        return paragraph.isEmpty ? nil : paragraph[...]
    }

    private func field(of line: [UInt8]) throws(IndexError) -> [UInt8] {
        let document: JSONDocument
        do throws(JSONFault) { document = try JSONDocument(line) } catch { throw fault(.notJSON) }
        guard document.kind(of: 0) == .object else { throw fault(.notAnObject) }
        let children = Array(document.children(of: 0))
        let names = stride(from: 0, to: children.count, by: 2).map { String(decoding: document.string(children[$0]) ?? [], as: UTF8.self) }
        guard let place = names.lastIndex(of: corpus.field) else { throw fault(.noField(corpus.field, there: names)) }
        guard let text = document.string(children[2 * place + 1]) else { throw fault(.notText(corpus.field)) }
        return Array(text)
    }

    private func fault(_ fault: IndexError.LineFault) -> IndexError { .line(corpus: corpus.name, line: lines.line, fault: fault) }

    /// nil for a blank one.
    private mutating func text(_ bytes: ArraySlice<UInt8>) -> String? {
        if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }) { return nil }
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        repaired += 1
        return String(decoding: bytes, as: UTF8.self)
    }
}
