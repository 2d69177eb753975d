internal import CCurl
internal import Foundation
#if canImport(FoundationNetworking)
    internal import FoundationNetworking
#endif

/// Sends requests to the hub, follows redirects, and retries what may succeed later. The token goes only to the hub
/// itself.
struct HubConnection: Sendable {
    let endpoint: Endpoint
    let token: AccessToken?
    private let patience: Patience
    /// Variables that name certificates to other tools and are set.
    private let unreadVariables: [String]
    /// nil on a machine without libcurl.
    private let client = curl_is_there() ? WebClient() : nil

    init(endpoint: Endpoint, token: AccessToken?, patience: Patience, unreadVariables: [String] = []) {
        (self.endpoint, self.token, self.patience, self.unreadVariables) = (endpoint, token, patience, unreadVariables)
    }

    /// The request to send.
    struct Question: Sendable {
        let url: URL
        var method = "GET"
        /// The first byte wanted; 0 for the whole.
        var start = 0
        /// Whether redirects to other hosts are followed; those within the hub always are.
        var leavesHub = true
    }

    /// The heads of the answers: the hub's first; the last one counts.
    typealias Trail = [WebHead]

    private static let redirectLimit = 10

    /// - Parameter onHead: called with the head of the last answer, before its body, and the heads before it.
    /// - Throws: what they throw, `RetryableFailure` for what may succeed later, `DownloadError`, `CancellationError`.
    func ask(
        _ question: Question, onHead: @escaping @Sendable (Trail) throws -> Void = { _ in },
        onBody: @escaping @Sendable (Data) throws -> Void = { _ in }
    ) async throws -> Trail {
        guard let client else { throw DownloadError.noCurl }
        var trail: Trail = []
        var url = question.url
        while trail.count <= Self.redirectLimit {
            let (before, host) = (trail, Origin(url)?.description ?? "")
            let head: WebHead
            do {
                head = try await client.send(
                    request(question, url), onHead: { if !$0.isRedirect { try onHead(before + [$0]) } }, onBody: onBody)
            } catch let error as URLError {
                throw RetryableFailure.failure(error, host: host, unreadVariables: unreadVariables)
            }
            trail.append(head)
            if RetryableFailure.isPassing(status: head.status) {
                throw RetryableFailure(.status(head.status, host: host, wait: head.retryAfter), wait: head.retryAfter)
            }
            guard head.isRedirect, let next = try redirect(head, of: question) else { return trail }
            url = next
        }
        throw DownloadError.redirect(host: endpoint.origin.description)
    }

    /// A small answer, whole. An answer longer than `limit`, in bytes, is stopped there, or at once if it says so.
    func ask(_ question: Question, limit: Int) async throws -> (trail: Trail, body: Data) {
        try await patience.retrying {
            let body = Body()
            let trail = try await ask(
                question,
                onHead: { trail in
                    guard question.method != "HEAD", trail.last!.isSuccess else { return }
                    guard trail.last!.length ?? 0 <= limit else { throw problem(.tooLong(limit: limit)) }
                },
                onBody: { piece in
                    guard body.append(piece) <= limit else { throw problem(.tooLong(limit: limit)) }
                })
            return (trail, body.data)
        }
    }

    /// The next address to ask; nil if the redirect leaves the hub and must not be followed.
    /// - Throws: `.redirect`, `.unencryptedRedirect`.
    func redirect(_ head: WebHead, of question: Question) throws(DownloadError) -> URL? {
        guard let origin = Origin(head.url), let next = head.location, let nextOrigin = Origin(next) else {
            throw .redirect(host: endpoint.origin.description)
        }
        if !question.leavesHub, nextOrigin != endpoint.origin { return nil }
        if origin.isEncrypted, !nextOrigin.isEncrypted {
            throw .unencryptedRedirect(from: origin.description, to: nextOrigin.description)
        }
        return next
    }

    /// The request for `question` at one of the addresses it leads to; with the token only at the hub.
    func request(_ question: Question, _ url: URL) -> URLRequest {
        var request = URLRequest(url: url)
        request.httpMethod = question.method
        request.setValue("circuit-tracer", forHTTPHeaderField: "User-Agent")
        // A compressed answer would have a different length and could not be resumed.
        request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
        if question.start > 0 { request.setValue("bytes=\(question.start)-", forHTTPHeaderField: "Range") }
        if Origin(url) == endpoint.origin, let value = token?.headerValue {
            request.setValue(value, forHTTPHeaderField: "Authorization")
        }
        return request
    }
}
