/// The decoded target of a request: `/graph_data/my%20graph.json?node_threshold=0.8`.
struct RequestTarget: Sendable, Equatable {
    /// The parts of the path between slashes. None contains a slash, a backslash or a control character, and none is `.` or
    /// `..`, however it was spelt: a part can name a file but cannot leave its folder.
    let path: [String]
    let query: [String: String]

    /// - Throws: `Refusal` (400) for anything but a path, or for one that our page never asks for.
    init(parsing target: String) throws(Refusal) {
        guard target.utf8.first == UInt8(ascii: "/") else {
            throw .badRequest("The request is for \(target.shown), which is not a path. Paths begin with a slash.")
        }
        guard target.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .badRequest("The path of the request has characters that must be percent-encoded.")
        }
        let halves = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var path: [String] = []
        for part in halves[0].dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            path.append(try Self.name(part))
        }
        self.path = path == [""] ? [] : path
        query = try Self.pairs(halves.count > 1 ? halves[1] : "")
    }

    private static func name(_ part: Substring) throws(Refusal) -> String {
        guard let name = part.percentDecoded, name != ".", name != "..",
            !name.unicodeScalars.contains(where: { $0 == "/" || $0 == "\\" || $0.properties.generalCategory == .control })
        else { throw .badRequest("\(part.shown) in the path of the request is not a valid name.") }
        return name
    }

    private static func pairs(_ query: Substring) throws(Refusal) -> [String: String] {
        var pairs: [String: String] = [:]
        for pair in query.split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let decoded = halves.map { $0.replacing("+", with: " ")[...].percentDecoded }
            guard let key = decoded[0], let value = decoded.count > 1 ? decoded[1] : "" else {
                throw .badRequest("\(pair.shown) in the query of the request is not percent-encoded text.")
            }
            guard pairs.updateValue(value, forKey: key) == nil else {
                throw .badRequest("The query of the request has \(key.shown) twice.")
            }
        }
        return pairs
    }
}

extension Substring {
    /// The text decoded from percent-encoding; nil if the encoding is broken or the result is not UTF-8.
    fileprivate var percentDecoded: String? {
        var bytes: [UInt8] = []
        var rest = utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst()?.hexadecimalDigit, let low = rest.popFirst()?.hexadecimalDigit else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

extension UInt8 {
    fileprivate var hexadecimalDigit: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension StringProtocol {
    /// The text in quotes, shortened for a sentence.
    var shown: String { count > 60 ? "\"\(prefix(60))…\"" : "\"\(self)\"" }
}
