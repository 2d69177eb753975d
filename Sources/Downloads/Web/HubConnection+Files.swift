internal import Checkpoints
internal import Foundation

/// Requests about a repository, and what the hub's refusals mean.
extension HubConnection {
    /// In bytes; the longest listings of the public hub have about ten megabytes.
    private static let listingLimit = 64 << 20
    private static let revisionsLimit = 4 << 20

    func listing(of reference: HubReference, hub: Hub) async throws -> RepositoryListing {
        let (trail, body) = try await ask(Question(url: endpoint.listing(of: reference)), limit: Self.listingLimit)
        let head = trail.last!
        guard head.isSuccess else { throw await refusal(head, of: reference, hub: hub) }
        return try RepositoryListing(body, of: reference, host: endpoint.origin.description)
    }

    /// A file's size and blob, from the headers that its address answers with.
    func file(_ path: String, of listing: RepositoryListing, hub: Hub) async throws -> RemoteFile {
        let url = endpoint.file(path, of: listing.reference, commit: listing.commit)
        let trail = try await ask(Question(url: url, method: "HEAD", leavesHub: false), limit: 0).trail
        let head = trail.last!
        let file = listing.reference.appending(path: path)
        guard head.isSuccess || head.isRedirect else { throw await refusal(head, of: file, hub: hub) }
        let entry = listing.entries[path]
        let etag = head["X-Linked-ETag"] ?? head["ETag"] ?? ""
        guard let blob = entry?.blob ?? Blob(etag: etag) else { throw problem(.blob(path: path, name: etag)) }
        return RemoteFile(path: path, size: try entry?.size ?? size(in: head, of: path), blob: blob)
    }

    /// The size of the file itself, even if the answer is a redirect to it.
    /// - Throws: `.answer` if it is missing or impossible.
    private func size(in head: WebHead, of path: String) throws(DownloadError) -> Int {
        guard let text = head["X-Linked-Size"] ?? head["Content-Length"] else { throw problem(.noSize(path: path)) }
        guard let size = Int(text), 0...RemoteFile.sizeLimit ~= size else { throw problem(.size(path: path)) }
        return size
    }

    /// What is wrong with the hub's answer.
    func problem(_ problem: AnswerProblem) -> DownloadError { .answer(host: endpoint.origin.description, problem: problem) }

    /// What an unsuccessful answer means.
    ///
    /// Without a token, the hub also says 401 for what does not exist: it does not reveal what is private.
    func refusal(_ head: WebHead, of reference: HubReference, hub: Hub) async -> any Error {
        // Only the hub itself knows about repositories.
        guard let origin = Origin(head.url), origin == endpoint.origin else {
            return DownloadError.status(head.status, host: head.url.host ?? "", wait: head.retryAfter)
        }
        let (page, tokenFile) = (endpoint.page(of: reference), hub.settings.tokenFile)
        switch (head["X-Error-Code"], head.status) {
        case ("GatedRepo", _):
            return DownloadError.gated(reference: reference, hasToken: token != nil, page: page, tokenFile: tokenFile)
        case ("RevisionNotFound", _):
            return DownloadError.revisionNotFound(reference: reference, known: await revisions(of: reference))
        case (_, 401):
            return DownloadError.unauthorized(
                reference: reference, hasToken: token != nil, page: page, tokenFile: tokenFile, near: near(reference, hub))
        case (_, 403):
            return DownloadError.forbidden(reference: reference, page: page)
        case (let code, 404) where code == "EntryNotFound" || code == nil && reference.path != nil:
            return DownloadError.pathNotFound(reference: reference, near: [])
        case (_, 404):
            return DownloadError.repositoryNotFound(reference: reference, near: near(reference, hub))
        default:
            return DownloadError.status(head.status, host: origin.description, wait: head.retryAfter)
        }
    }

    /// Known repositories that could have been meant.
    private func near(_ reference: HubReference, _ hub: Hub) -> [String] {
        let known = Set(hub.cache.repositories() + HubReference.presets.keys + HubReference.presets.values)
        return nearMisses(of: reference.repository, among: known.subtracting([reference.repository]).sorted())
    }

    /// Branches and tags; none if the hub does not say, since they only help an error message.
    private func revisions(of reference: HubReference) async -> [String] {
        guard let answer = try? await ask(Question(url: endpoint.revisions(of: reference)), limit: Self.revisionsLimit),
            answer.trail.last!.isSuccess, let refs = try? JSONDecoder().decode(Revisions.self, from: answer.body)
        else { return [] }
        return (refs.branches + refs.tags).map(\.name)
    }

    private struct Revisions: Decodable {
        let branches: [Named]
        let tags: [Named]

        struct Named: Decodable { let name: String }
    }
}
