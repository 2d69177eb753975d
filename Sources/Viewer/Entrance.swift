/// Lets in those who know the viewer's token. A browser brings it in the address once and then in a cookie, a program says it in
/// the field `Authorization`.
struct Entrance: Sendable {
    /// Nil where everybody may come in.
    private let token: ViewerToken?

    init(_ token: ViewerToken?) { self.token = token }

    /// - Throws: `Refusal` (403), as a page where a browser shows the answer.
    func check(_ head: RequestHead, to host: Authority) throws(Refusal) {
        guard let token else { return }
        let said = head.authorizations + head.cookies(Self.cookieName(host)) + (head.isLooking ? head.tokensInAddress : [])
        guard said.contains(where: { token.matches($0) }) else { throw .stranger(asking: head) }
    }

    /// The answer to an address that holds the token: a cookie, and the way to the same address without it. Nil for others.
    ///
    /// - Parameter head: of a request that `check` has let in.
    /// - Throws: `Refusal` (400) for an address that is none.
    func exchange(_ head: RequestHead, to host: Authority) throws(Refusal) -> Response? {
        guard let token, head.isLooking, !head.tokensInAddress.isEmpty else { return nil }
        _ = try RequestTarget(parsing: head.target)
        let headers = [
            (name: "Set-Cookie", value: "\(Self.cookieName(host))=\(token.text); HttpOnly; SameSite=Strict"),
            (name: "Cache-Control", value: "no-store"),
        ]
        let address = head.addressWithoutToken
        // Browsers send no strict cookie where another site's page, or a file, has led here by redirects alone.
        guard head.isFromElsewhere else { return Response(status: 303, headers: headers + [("Location", address)]) }
        return .page("<p>Opening the viewer…</p>", headers: headers + [("Refresh", "0; url=\(address)")])
    }

    /// By the port that the browser knows: cookies of all ports of a machine are one set, and a port may be forwarded from another.
    private static func cookieName(_ host: Authority) -> String {
        "circuit-tracer" + (host.port.map { "-\($0)" } ?? "")
    }
}

extension Refusal {
    fileprivate static func stranger(asking head: RequestHead) -> Refusal {
        var refusal = Refusal.forbidden(
            "This viewer is for those who have its address with the token, http://…/?token=…, which is printed where the viewer is started"
                + " and by `serve` in the console. Open that address. Programs send the field Authorization: Bearer TOKEN.")
        if head.wantsPage {
            let again = "<p><a href=\"\">Go on</a>, if this browser has opened it before.</p>"
            refusal.page = "<p>\(refusal.description)</p>" + (head.isFromElsewhere ? again : "")
        }
        return refusal
    }
}

extension RequestHead {
    /// Whether it asks for something and changes nothing.
    fileprivate var isLooking: Bool { method != "POST" }

    fileprivate var wantsPage: Bool { headers.list("accept").contains { $0.lowercased().hasPrefix("text/html") } }

    /// Whether a browser follows a link in a page of another site, or in a file.
    fileprivate var isFromElsewhere: Bool { headers.values("sec-fetch-site").contains("cross-site") }

    /// What comes after `Bearer`, or `token`, as Jupyter's programs write it.
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

    /// Relative, so that it also leads right behind a path that a proxy takes away.
    fileprivate var addressWithoutToken: String {
        let name = halves[0].split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        let query = pairs.filter { !$0.hasPrefix(Self.tokenKey) }.joined(separator: "&")
        return "./\(name)" + (query.isEmpty ? "" : "?\(query)")
    }
}
