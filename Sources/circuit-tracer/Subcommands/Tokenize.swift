internal import ArgumentParser
internal import Console
internal import Foundation
internal import Tokenization
internal import Workbench

/// What a model's tokenizer makes of lines of text.
struct Tokenize: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the tokens of each line of standard input.",
        discussion: """
            Prints a line for each: the ids, each followed by its piece of the text in quotes, so that spaces show: \
            791 "The"  6864 " capital". Other invisible characters are escaped as in JSON, and bytes that are no whole \
            character are spelled <0xE2>. A line ends with a line feed or, as on Windows, with a carriage return and a line feed; \
            no special tokens are added.

            With --json each line read is a JSON string, so that any text fits, and each line printed \
            {"ids": [...], "pieces": [...], "decoded": "..."}, where decoded is the text of all the ids together.

            Exit status: 1 for a line that is not as it should be, which ends the output, 2 for a tokenizer that does not load.
            """)

    @Flag(help: "Read JSON strings and print JSON.")
    var json = false

    @Argument(help: "The model: a bundled name, a folder or a hub name; or a tokenizer.json.", completion: .file())
    var model: String

    func run() throws {
        let tokenizer: Tokenizer
        do {
            tokenizer = try SessionEnvironment.current.tokenizer(named: model)
        } catch {
            writeError(error)
            throw ExitCode(2)
        }
        for notice in tokenizer.notices { write("note: \(notice)\n") }
        var input = InputLines()
        var output = ""
        do {
            // What is known is printed before more is waited for: for people, and for programs that ask line by line.
            while let line = try input.next(beforeWaiting: { try print(&output) }) {
                let text = try json ? jsonString(line, number: input.number) : plainText(line, number: input.number)
                output += (json ? Self.json : Self.pairs)(try tokenizer.encode(text), tokenizer) + "\n"
            }
            try print(&output)
        } catch {
            guard error is InputFailure || error is TokenizerError else { throw error }
            try print(&output)
            writeError(error)
            throw ExitCode(1)
        }
    }

    private static func pairs(_ ids: [Int], _ tokenizer: Tokenizer) -> String {
        ids.map { "\($0) \(JSONText.quoted(tokenizer.piece(of: $0)))" }.joined(separator: "  ")
    }

    private static func json(_ ids: [Int], _ tokenizer: Tokenizer) -> String {
        let pieces = ids.map { JSONText.quoted(tokenizer.piece(of: $0)) }.joined(separator: ", ")
        let decoded = JSONText.quoted(tokenizer.decode(ids))
        return "{\"ids\": [\(ids.map(String.init).joined(separator: ", "))], \"pieces\": [\(pieces)], \"decoded\": \(decoded)}"
    }

    private func plainText(_ line: ArraySlice<UInt8>, number: Int) throws -> String {
        guard let text = String(validating: line.last == 13 ? line.dropLast() : line, as: UTF8.self) else {
            throw InputFailure("line \(number) of standard input is not UTF-8; convert it, or write it as a JSON string with --json")
        }
        return text
    }

    private func jsonString(_ line: ArraySlice<UInt8>, number: Int) throws -> String {
        guard let text = try? JSONDecoder().decode(String.self, from: Data(line)) else {
            throw InputFailure(
                #"line \#(number) of standard input is not a JSON string; with --json each line must be one, such as "a\nb""#)
        }
        return text
    }

    /// Writes the text to standard output and empties it; a reader that has gone, as `head` does, ends the program quietly.
    private func print(_ text: inout String) throws {
        var rest = Array(text.utf8)[...]
        text = ""
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(1, $0.baseAddress, $0.count) }
            if count >= 0 { rest = rest.dropFirst(count) } else if errno == EPIPE { throw ExitCode(0) } else if errno != EINTR {
                throw InputFailure("standard output cannot be written: \(String(cString: strerror(errno)))")
            }
        }
    }
}

/// Why the lines cannot be read or shown.
private struct InputFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// The lines of standard input, as bytes, read as they come.
private struct InputLines {
    /// Of the line that `next` gave last, from 1.
    private(set) var number = 0
    private var buffer: [UInt8] = []
    private var start = 0
    /// No line feed is between `start` and here.
    private var searched = 0

    /// The next line without its line feed; nil at the end.
    mutating func next(beforeWaiting: () throws -> Void) throws -> ArraySlice<UInt8>? {
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) { return take(to: end) }
            searched = buffer.count
            try beforeWaiting()
            guard try readMore() else { return start < buffer.count ? take(to: buffer.count) : nil }
        }
    }

    private mutating func take(to end: Int) -> ArraySlice<UInt8> {
        if number == 0, buffer[start..<end].starts(with: LineRead.byteOrderMark) { start += LineRead.byteOrderMark.count }
        defer {
            start = min(end + 1, buffer.count)
            searched = start
            number += 1
        }
        return buffer[start..<end]
    }

    /// - Returns: whether there was more.
    private mutating func readMore() throws -> Bool {
        buffer.removeFirst(start)
        searched -= start
        start = 0
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(0, &chunk, chunk.count)
            if count >= 0 {
                buffer += chunk[..<count]
                return count > 0
            }
            guard errno == EINTR else { throw InputFailure("standard input cannot be read: \(String(cString: strerror(errno)))") }
        }
    }
}
