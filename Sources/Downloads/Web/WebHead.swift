internal import Foundation
#if canImport(FoundationNetworking)
    internal import FoundationNetworking
#endif

/// The head of an answer: all but its body.
struct WebHead: Sendable {
    let url: URL
    let status: Int
    /// By name in lower case.
    private let headers: [String: String]

    init(url: URL, status: Int, headers: [String: String]) {
        self.url = url
        self.status = status
        self.headers = Dictionary(headers.map { ($0.key.lowercased(), $0.value) }) { first, _ in first }
    }

    init(_ response: HTTPURLResponse, from url: URL) {
        let headers = response.allHeaderFields.map { ("\($0.key)", "\($0.value)") }
        self.init(url: url, status: response.statusCode, headers: Dictionary(headers) { first, _ in first })
    }

    subscript(header: String) -> String? { headers[header.lowercased()] }

    /// The target of a redirect; nil for other answers.
    var location: URL? {
        guard [301, 302, 303, 307, 308].contains(status), let location = self["Location"] else { return nil }
        return URL(string: location, relativeTo: url)?.absoluteURL
    }

    var isRedirect: Bool { (300..<400).contains(status) && status != 304 }

    var isSuccess: Bool { (200..<300).contains(status) }

    /// The size of the body, in bytes; nil if the host does not say.
    var length: Int? { self["Content-Length"].flatMap { Int($0) }.flatMap { $0 < 0 ? nil : $0 } }

    /// The start of the part of a file that a 206 brings: `bytes 5-9/10`.
    var rangeStart: Int? {
        guard let range = self["Content-Range"], range.hasPrefix("bytes ") else { return nil }
        return range.dropFirst("bytes ".count).split(separator: "-").first.flatMap { Int($0) }
    }

    /// How long the host asks us to wait, in seconds.
    var retryAfter: Int? { self["Retry-After"].flatMap { Int($0) }.map { max(0, $0) } }
}
