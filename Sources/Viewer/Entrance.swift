/// Admits those who know the viewer's token. A browser sends it once in the address and then in a cookie, a program in the
/// header `Authorization`.
struct Entrance: Sendable {
    /// Nil if no token is needed.
    private let token: ViewerToken?

    init(_ token: ViewerToken?) { self.token = token }

    /// - Throws: `Refusal` (403), as a page if a browser shows the answer.
    func check(_ head: RequestHead, to host: Authority) throws(Refusal) {
        guard let token else { return }
        let said = head.authorizations + head.cookies(Self.cookieName(host)) + (head.isLooking ? head.tokensInAddress : [])
        guard said.contains(where: { token.matches($0) }) else { throw .stranger(asking: head) }
    }

    /// The answer to an address with the token: a cookie, and a redirect to the same address without it. Nil for others.
    ///
    /// - Parameter head: of a request that `check` has admitted.
    /// - Throws: `Refusal` (400) for an invalid address.
    func exchange(_ head: RequestHead, to host: Authority) throws(Refusal) -> Response? {
        guard let token, head.isLooking, !head.tokensInAddress.isEmpty else { return nil }
        _ = try RequestTarget(parsing: head.target)
        let headers = [
            (name: "Set-Cookie", value: "\(Self.cookieName(host))=\(token.text); HttpOnly; SameSite=Strict"),
            (name: "Cache-Control", value: "no-store"),
        ]
        let address = head.addressWithoutToken
        // Browsers send no strict cookie if only redirects led here from another site's page or a file.
        guard head.isFromElsewhere else { return Response(status: 303, headers: headers + [("Location", address)]) }
        return .page("<p>Opening the viewer…</p>", headers: headers + [("Refresh", "0; url=\(address)")])
    }

    /// Contains the port that the browser sees: all ports of a machine share cookies, and a port may be forwarded from another.
    private static func cookieName(_ host: Authority) -> String {
        "circuit-tracer" + (host.port.map { "-\($0)" } ?? "")
    }
}

extension Refusal {
    fileprivate static func stranger(asking head: RequestHead) -> Refusal {
        var refusal = Refusal.forbidden(
            "This viewer needs a token. Open its address with the token, http://…/?token=…, which is printed when the viewer starts and"
                + " by `serve` in the console. Programs send the header Authorization: Bearer TOKEN.")
        if head.wantsPage {
            let again = "<p><a href=\"\">Continue</a> if this browser has opened it before.</p>"
            refusal.page = "<p>\(refusal.description)</p>" + (head.isFromElsewhere ? again : "")
        }
        return refusal
    }
}

extension RequestHead {
    /// Whether it changes nothing.
    fileprivate var isLooking: Bool { method != "POST" }

    fileprivate var wantsPage: Bool { headers.list("accept").contains { $0.lowercased().hasPrefix("text/html") } }

    /// Whether a browser is following a link from another site's page, or from a file.
    fileprivate var isFromElsewhere: Bool { headers.values("sec-fetch-site").contains("cross-site") }

    /// The word after `Bearer`, or after `token`, as Jupyter's programs write it.
    fileprivate var authorizations: [Substring] {
        headers.values("authorization").compactMap { field in
            let words = field.split(separator: " ")
            return words.count == 2 && ["bearer", "token"].contains(words[0].lowercased()) ? words[1] : nil
        }
    }

    fileprivate func cookies(_ name: String) -> [Substring] {
        headers.values("cookie").flatMap { $0.split(separator: ";") }.compactMap { pair in
            let halves = pair.split(separator: "=", maxSplits: 1)
            return halves.count == 2 && halves[0].trimmed == name ? halves[1] : nil
        }
    }

    private static let tokenKey = "token="

    private var halves: [Substring] { target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false) }
    private var pairs: [Substring] { halves.dropFirst().flatMap { $0.split(separator: "&") } }

    fileprivate var tokensInAddress: [Substring] {
        pairs.filter { $0.hasPrefix(Self.tokenKey) }.map { $0.dropFirst(Self.tokenKey.count) }
    }

    /// Relative, so that it also works after a path prefix that a proxy removes.
    fileprivate var addressWithoutToken: String {
        let name = halves[0].split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        let query = pairs.filter { !$0.hasPrefix(Self.tokenKey) }.joined(separator: "&")
        return "./\(name)" + (query.isEmpty ? "" : "?\(query)")
    }
}
