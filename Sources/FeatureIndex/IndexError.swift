package import Foundation
internal import GRDB

/// Why something cannot be indexed, or an index cannot be used.
package enum IndexError: Error, Equatable, Sendable, CustomStringConvertible {
    case notAnIndex(URL)
    case damaged(URL, feature: String)
    case busy(URL)
    case anotherModel(URL, of: String)
    case otherSettings(URL, context: Int, batch: Int)
    case differentSets(URL, URL)
    case overlap(URL, URL, corpus: String)
    case database(URL, reason: String)
    case unreadable(corpus: String, reason: String)
    case noDocuments(corpus: String)
    case line(corpus: String, line: Int, fault: LineFault)
    case twice(corpus: String)

    /// What is wrong with a line of JSON.
    package enum LineFault: Equatable, Sendable {
        case notJSON
        case notAnObject
        case noField(String, there: [String])
        case notText(String)
        case tooLong(limit: Int)
    }

    package var description: String {
        switch self {
        case .notAnIndex(let file): "\(file.path) is not an index of features: `index` makes one, in a file of its own."
        case .damaged(let file, let feature): "\(file.path) is damaged: what it has of feature \(feature) cannot be read. Remove it and index again."
        case .busy(let file): "Another process is indexing into \(file.path). Wait for it, or name another file with --index."
        case .anotherModel(let file, let name):
            "\(file.path) is an index of \(name), in another state of its files or with other shapes than what is loaded. Name another file with --index."
        case .otherSettings(let file, let context, let batch):
            "\(file.path) was made with --context \(context) --batch \(batch). Say the same, or name another file with --index."
        case .differentSets(let one, let other):
            "\(one.path) and \(other.path) are of different models or sets, or of different states of their files: what they count does not add up."
        case .overlap(let one, let other, let corpus):
            "\(one.path) and \(other.path) both have a part of \(corpus), which would count twice. Merge shards that are of one division, each once."
        case .database(let file, let reason): "\(file.path): \(reason)."
        case .unreadable(let corpus, let reason): "\(corpus) cannot be read: \(reason)."
        case .noDocuments(let corpus): "\(corpus) has no text."
        case .twice(let corpus): "\(corpus) has the same content as another corpus of the list. Name each once."
        case .line(let corpus, let line, let fault): "\(corpus), line \(line): \(fault.sentence)"
        }
    }

    /// What a failure of SQLite means for the file.
    init(_ error: DatabaseError, _ file: URL) {
        switch error.resultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT: self = .notAnIndex(file)
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(file)
        default: self = .database(file, reason: error.message ?? "\(error.resultCode)")
        }
    }
}

extension IndexError.LineFault {
    fileprivate var sentence: String {
        switch self {
        case .notJSON: "this is not JSON. A file that ends in .jsonl has one object on each line."
        case .notAnObject: "this is not a JSON object, with the text in one of its fields."
        case .noField(let field, let there):
            "there is no field \"\(field)\"; the fields are \(there.isEmpty ? "none" : there.joined(separator: ", ")). --field names another."
        case .notText(let field): "the field \"\(field)\" is not a text."
        case .tooLong(let limit): "the line has more than \(limit / 1_000_000) MB, the most that is read of JSON."
        }
    }
}
