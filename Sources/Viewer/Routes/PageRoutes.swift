extension Responder {
    /// A file of the page itself.
    func file(_ file: Page.File, for request: RequestHead) -> Response {
        let headers = [(name: "ETag", value: file.tag), (name: "Cache-Control", value: "no-cache")]
        if request.headers.list("if-none-match").contains(where: { $0 == "*" || $0.trimmingWeakness == file.tag }) {
            return Response(status: 304, headers: headers)
        }
        return Response(headers: [(name: "Content-Type", value: file.mediaType)] + headers, body: file.bytes).compressed(for: request)
    }
}

extension String {
    /// An entity tag without the mark of a weak tag.
    fileprivate var trimmingWeakness: Substring { hasPrefix("W/") ? dropFirst(2) : self[...] }
}
