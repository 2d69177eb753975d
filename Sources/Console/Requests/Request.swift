internal import Checkpoints
internal import JSON

/// What a program calls one of its requests; the answer has it again.
enum RequestID: Sendable, Equatable {
    case none
    case number(Int)
    case text(String)

    var json: String {
        switch self {
        case .none: "null"
        case .number(let number): "\(number)"
        case .text(let text): JSONText.quoted(text)
        }
    }
}

/// A command that a program asks for.
struct Request: Sendable, Equatable {
    /// What it may take.
    struct Limits: Sendable, Equatable {
        var seconds: Double?
        /// Feature nodes of a graph.
        var nodes: Int?
    }

    let id: RequestID
    /// As somebody would type it.
    let line: String
    var wantsProgress = false
    var limits = Limits()
}

/// A line that a program sends.
enum RequestMessage: Equatable {
    case request(Request)
    case cancel(RequestID)
}

/// Why a line is not a request.
struct RequestFault: Error, Equatable {
    /// As far as it could be read.
    var id = RequestID.none
    let error: ConsoleError

    init(_ message: String, id: RequestID = .none, suggestion: String? = nil, advice: String? = nil) {
        self.id = id
        error = ConsoleError(message, suggestion: suggestion, advice: advice)
    }
}

extension RequestMessage {
    /// Reads a line.
    init(_ bytes: [UInt8]) throws(RequestFault) {
        let value: JSONValue
        do throws(JSONFault) { value = try JSONValue(parsing: bytes) } catch { throw RequestFault("The line is not JSON: \(error.sentence)") }
        guard case .object(let members) = value else { throw RequestFault("A request is an object, not \(value.kind)", advice: Self.example) }
        let reader = RequestReader(members: members, id: (try? Self.id(members["id"] ?? .null, called: "id")) ?? .none)
        if let cancelled = members["cancel"] {
            if members.count > 1 { throw RequestFault("cancel is the only member of its line", id: reader.id) }
            self = .cancel(try Self.id(cancelled, called: "cancel"))
        } else {
            self = .request(try reader.request())
        }
    }

    static let example = #"a request is a line like {"id": 1, "command": "top 3"}"#

    fileprivate static func id(_ value: JSONValue, called name: String) throws(RequestFault) -> RequestID {
        switch value {
        case .null: .none
        case .integer(let number): .number(number)
        case .string(let text): .text(text)
        default: throw RequestFault("\(name) is a text, a whole number or null, not \(value.kind)")
        }
    }
}

/// Reads a request's members.
private struct RequestReader {
    let members: [String: JSONValue]
    let id: RequestID

    private static let names = ["id", "command", "arguments", "progress", "limits"]

    func request() throws(RequestFault) -> Request {
        _ = try RequestMessage.id(members["id"] ?? .null, called: "id")
        try check(members, names: Self.names, of: "a request")
        guard let command = members["command"] else { throw RequestFault("The request has no command", id: id, advice: RequestMessage.example) }
        guard case .string(let line) = command else { throw wrong("command is a text", command) }
        return Request(id: id, line: line + (try arguments()), wantsProgress: try progress(), limits: try limits())
    }

    /// Each after a space.
    private func arguments() throws(RequestFault) -> String {
        guard let value = members["arguments"] else { return "" }
        guard case .array(let elements) = value else { throw wrong("arguments is a list of texts and numbers", value) }
        var text = ""
        for element in elements {
            switch element {
            case .string(let word): text += " " + Lexer.spelled(word)
            case .integer(let number): text += " \(number)"
            case .number(let number): text += " \(number)"
            default: throw wrong("arguments is a list of texts and numbers", element)
            }
        }
        return text
    }

    private func progress() throws(RequestFault) -> Bool {
        guard let value = members["progress"] else { return false }
        guard case .bool(let isWanted) = value else { throw wrong("progress is true or false", value) }
        return isWanted
    }

    private func limits() throws(RequestFault) -> Request.Limits {
        var limits = Request.Limits()
        guard let value = members["limits"] else { return limits }
        guard case .object(let members) = value else { throw wrong("limits is an object", value) }
        try check(members, names: ["seconds", "nodes"], of: "limits")
        if let value = members["seconds"] {
            guard let seconds = value.asNumber, seconds > 0 else { throw wrong("limits.seconds is a number above 0", value) }
            limits.seconds = seconds
        }
        if let value = members["nodes"] {
            guard case .integer(let nodes) = value, nodes > 0 else { throw wrong("limits.nodes is a whole number above 0", value) }
            limits.nodes = nodes
        }
        return limits
    }

    private func check(_ members: [String: JSONValue], names: [String], of owner: String) throws(RequestFault) {
        guard let stranger = members.keys.filter({ !names.contains($0) }).min() else { return }
        throw RequestFault(
            "There is no member \(JSONText.quoted(stranger)) of \(owner)", id: id, suggestion: nearest(to: stranger, among: names),
            advice: "its members are \(names.joined(separator: ", "))")
    }

    private func wrong(_ rule: String, _ value: JSONValue) -> RequestFault {
        switch value {
        case .integer(let number): RequestFault("\(rule), not \(number)", id: id)
        case .number(let number): RequestFault("\(rule), not \(number)", id: id)
        default: RequestFault("\(rule), not \(value.kind)", id: id)
        }
    }
}

extension Lexer {
    /// The spelling that is read as this word: as it is if it can be, else between quotes.
    static func spelled(_ word: String) -> String {
        let isSign = [">", ">>", "|"].contains(word)
        guard !isSign, let words = try? words(of: word), words.count == 1, words[0].spelling == .bare, words[0].text == word else {
            return JSONText.quoted(word)
        }
        return word
    }
}
