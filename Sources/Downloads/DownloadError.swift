package import Checkpoints
package import Foundation

/// What keeps a file from getting from the hub into the cache, as facts. `description` makes the sentence.
///
/// None of them holds a token or an address with a query, which may be signed.
package indirect enum DownloadError: Error, Sendable, Equatable {
    // Settings.
    /// An HF_ENDPOINT that is not the address of a hub.
    case endpoint
    /// A token with characters that no token has; where it was found.
    case token(place: String)
    /// HF_HUB_OFFLINE forbids the network.
    case offline(reference: HubReference)

    // The way to the hub. Hosts are named with their ports.
    /// A name that leads to no address.
    case unknownHost(String)
    /// A connection that did not come about or did not last.
    case unreachable(host: String, problem: ConnectionProblem)
    /// - Parameter unread: variables that name certificates to other tools and are set.
    case untrusted(host: String, reason: String, unread: [String])
    /// A redirect from https to http.
    case unencryptedRedirect(from: String, to: String)
    /// A redirect to nowhere, or too many of them.
    case redirect(host: String)
    /// Another status than success; seconds to wait, where the host says so.
    case status(Int, host: String, wait: Int?)
    /// An answer that is not what was asked for.
    case answer(host: String, problem: AnswerProblem)

    // What the hub refuses or does not have.
    /// A repository that is private or not there, or a token that is not accepted.
    case unauthorized(reference: HubReference, hasToken: Bool, page: String, tokenFile: URL, near: [String])
    /// A repository whose licence has to be accepted.
    case gated(reference: HubReference, hasToken: Bool, page: String, tokenFile: URL)
    /// A token without the right to read the repository.
    case forbidden(reference: HubReference, page: String)
    /// A repository that the hub does not have; names like it.
    case repositoryNotFound(reference: HubReference, near: [String])
    /// A revision that the repository does not have; those it has.
    case revisionNotFound(reference: HubReference, known: [String])
    /// A file or folder that the revision does not have; paths like it.
    case pathNotFound(reference: HubReference, near: [String])

    // What a repository holds.
    /// Neither a model nor a set; folders that hold one.
    case nothingToLoad(reference: HubReference, folders: [String])
    /// A model without a tokenizer.json.
    case noTokenizer(reference: HubReference)
    /// A model without safetensors; what it has in their place.
    case noWeights(reference: HubReference, found: OtherWeights)
    /// A path in a config.yaml that names no file of the hub.
    case badEntry(config: HubReference, entry: String)
    /// The model that a set is for cannot be fetched.
    case modelOfSet(set: HubReference, model: String, reason: DownloadError)

    // What arrived.
    /// Another number of bytes than the listing says.
    case size(file: HubReference, expected: Int, found: Int)
    /// Another content than the listing says.
    case hash(file: HubReference, expected: String, found: String)
    /// A file of another commit than the listing's.
    case commit(file: HubReference, expected: String, found: String)

    // This machine.
    /// A disk with too little room, in bytes.
    case space(needed: Int, free: Int, folder: URL)
    /// A file or folder that cannot be written.
    case unwritable(file: URL, reason: SystemError)
    /// A file of the cache that is not what it should be, or not where.
    case checkpoint(CheckpointError)
}

/// Why a host did not give what it has.
package enum ConnectionProblem: Sendable, Equatable {
    /// Nobody listens there.
    case refused
    /// It broke off.
    case lost
    /// Nothing came for too long.
    case silent
}

/// What is wrong with the hub's answer to a question about a repository.
package enum AnswerProblem: Sendable, Equatable {
    /// Not JSON, or not of the shape that is documented.
    case notJSON
    /// More bytes than an answer has.
    case tooLong(limit: Int)
    /// A commit that is not a hash.
    case commit(String)
    /// A path that leads out of the repository's folder.
    case path(String)
    /// A content whose name is not its hash, so that it could not be checked.
    case blob(path: String, name: String)
    /// A file without a size.
    case noSize(path: String)
    /// A size that no file has: negative, no number of bytes, or beyond any disk.
    case size(path: String)
    /// Sizes that are beyond any disk from this file on.
    case sum(path: String)
    /// A file of settings, which is read before anything else, that is too long to be one.
    case settings(path: String, size: Int, limit: Int)
}
