public import Checkpoints
public import Foundation

/// What keeps a file from getting from the hub into the cache, as facts. `description` makes the sentence.
///
/// None of them holds a token or an address with a query, which may be signed.
public indirect enum DownloadError: Error, Sendable, Equatable {
    // Settings.
    case endpoint
    case token(place: String)
    case offline(reference: HubReference)

    // The way to the hub. Hosts are named with their ports.
    case unknownHost(String)
    case unreachable(host: String, problem: ConnectionProblem)
    /// - Parameter unread: variables that name certificates to other tools and are set.
    case untrusted(host: String, reason: String, unread: [String])
    case unencryptedRedirect(from: String, to: String)
    case redirect(host: String)
    case status(Int, host: String, wait: Int?)
    case answer(host: String, problem: AnswerProblem)

    // What the hub refuses or does not have.
    case unauthorized(reference: HubReference, hasToken: Bool, page: String, tokenFile: URL, near: [String])
    case gated(reference: HubReference, hasToken: Bool, page: String, tokenFile: URL)
    case forbidden(reference: HubReference, page: String)
    case repositoryNotFound(reference: HubReference, near: [String])
    case revisionNotFound(reference: HubReference, known: [String])
    case pathNotFound(reference: HubReference, near: [String])

    // What a repository holds.
    case nothingToLoad(reference: HubReference, folders: [String])
    case noTokenizer(reference: HubReference)
    case noWeights(reference: HubReference, found: OtherWeights)
    case place(config: HubReference, place: String)
    case modelOfSet(set: HubReference, model: String, reason: DownloadError)

    // What arrived.
    case size(file: HubReference, expected: Int, found: Int)
    case hash(file: HubReference, expected: String, found: String)
    case commit(file: HubReference, expected: String, found: String)

    // This machine.
    case space(needed: Int, free: Int, folder: URL)
    case unwritable(file: URL, reason: SystemError)
    /// A file of the cache that is not what it should be, or not where.
    case checkpoint(CheckpointError)
}

/// Why a host did not give what it has.
public enum ConnectionProblem: Sendable, Equatable {
    case refused
    case lost
    case silent
}

/// What is wrong with the hub's answer to a question about a repository.
public enum AnswerProblem: Sendable, Equatable {
    case notJSON
    case tooLong(limit: Int)
    case commit(String)
    case path(String)
    /// A content whose name is not its hash, so that it could not be checked.
    case blob(path: String, name: String)
    case noSize(path: String)
    /// A size that no file has: negative, no number of bytes, or beyond any disk.
    case size(path: String)
    /// Sizes that are beyond any disk from this file on.
    case sum(path: String)
    /// A file of settings, which is read before anything else, that is too long to be one.
    case settings(path: String, size: Int, limit: Int)
}
