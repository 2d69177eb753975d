internal import ArgumentParser
internal import Console
internal import Foundation
internal import JSON
internal import Tokenization
internal import Workbench

/// The tokens of lines of text.
struct Tokenize: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the tokens of each line of standard input.",
        discussion: """
            Prints a line for each: the ids, each followed by its piece of the text in quotes, so that spaces show: \
            791 "The"  6864 " capital". Other invisible characters are escaped as in JSON, and bytes that are not a whole \
            character are spelled <0xE2>. A line ends with a line feed or, as on Windows, with a carriage return and a line feed; \
            no special tokens are added.

            With --json each line read is a JSON string, so that any text fits, and each line printed \
            {"ids": [...], "pieces": [...], "decoded": "..."}, where decoded is the text of all the ids together.

            The exit status is 1 for an invalid line, which ends the output, and 2 if the tokenizer does not load.
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
        for notice in tokenizer.notices { writeNote(notice) }
        var input = InputLines()
        var done = ""
        // What is known is printed before more is waited for: for people, and for programs that ask line by line.
        func flush() throws {
            defer { done = "" }
            if !done.isEmpty { try output(TerminalText(json: done)) }
        }
        do {
            while let line = try input.next(beforeWaiting: flush) {
                let text = try json ? jsonString(line, number: input.number) : plainText(line, number: input.number)
                done += (json ? Self.json : Self.pairs)(try tokenizer.encode(text), tokenizer) + "\n"
            }
            try flush()
        } catch {
            guard error is InputFailure || error is TokenizerError else { throw error }
            try flush()
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
        guard case .string(let text)? = try? JSONValue(parsing: Array(line)) else {
            throw InputFailure(
                #"line \#(number) of standard input is not a JSON string; with --json each line must be one, such as "a\nb""#)
        }
        return text
    }
}

/// Why the lines cannot be read.
private struct InputFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// The lines of standard input, as bytes, read as they come.
private struct InputLines {
    /// Of the line that `next` gave last, from 1.
    private(set) var number = 0
    private var buffer = LineBuffer()
    private var hasEnded = false

    /// The next line without its line feed; nil at the end.
    mutating func next(beforeWaiting: () throws -> Void) throws -> ArraySlice<UInt8>? {
        while true {
            if let line = buffer.next() ?? (hasEnded ? buffer.last() : nil) {
                number += 1
                return line
            }
            if hasEnded { return nil }
            if buffer.pendingCount > InputFile.limit {
                throw InputFailure("line \(number + 1) of standard input is longer than \(InputFile.limit / 1_000_000) MB")
            }
            try beforeWaiting()
            try readMore()
        }
    }

    private mutating func readMore() throws {
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        let count = read(0, &piece, piece.count)
        if count >= 0 {
            buffer.append(piece[..<count])
            hasEnded = count == 0
        } else if errno != EINTR {
            throw InputFailure("standard input cannot be read: \(String(cString: strerror(errno)))")
        }
    }
}
