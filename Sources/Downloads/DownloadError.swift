package import Checkpoints
package import Foundation

/// Why a file could not be downloaded into the cache.
///
/// No case holds a token or an address with a query, which may be signed.
package indirect enum DownloadError: Error, Sendable, Equatable {
    // Settings.
    /// An HF_ENDPOINT that is not the address of a hub.
    case endpoint
    /// A token with invalid characters; where it was found.
    case token(place: String)
    /// HF_HUB_OFFLINE forbids the network.
    case offline(reference: HubReference)

    // The way to the hub.
    /// The library that requests go through is not installed.
    case noCurl
    // Hosts are named with their ports.
    /// A host name without an address.
    case unknownHost(String)
    /// A connection that failed or was lost.
    case unreachable(host: String, problem: ConnectionProblem)
    /// - Parameter unread: variables that name certificates to other tools and are set.
    case untrusted(host: String, reason: String, unread: [String])
    /// A redirect from https to http.
    case unencryptedRedirect(from: String, to: String)
    /// A redirect to an invalid address, or too many redirects.
    case redirect(host: String)
    /// An unsuccessful status; the seconds to wait, if the host says so.
    case status(Int, host: String, wait: Int?)
    /// An answer that does not fit the request.
    case answer(host: String, problem: AnswerProblem)

    // What the hub refuses or does not have.
    /// A repository that is private or does not exist, or a token that is not accepted.
    case unauthorized(reference: HubReference, hasToken: Bool, page: String, tokenFile: URL, near: [String])
    /// A repository whose licence must be accepted.
    case gated(reference: HubReference, hasToken: Bool, page: String, tokenFile: URL)
    /// A token without permission to read the repository.
    case forbidden(reference: HubReference, page: String)
    /// A repository that the hub does not have; similar names.
    case repositoryNotFound(reference: HubReference, near: [String])
    /// A revision that the repository does not have; those it has.
    case revisionNotFound(reference: HubReference, known: [String])
    /// A file or folder that the revision does not have; similar paths.
    case pathNotFound(reference: HubReference, near: [String])

    // What a repository holds.
    /// Neither a model nor a set; folders that hold one.
    case nothingToLoad(reference: HubReference, folders: [String])
    /// A model without a tokenizer.json.
    case noTokenizer(reference: HubReference)
    /// A model without safetensors; what it has instead.
    case noWeights(reference: HubReference, found: OtherWeights)
    /// A path in a config.yaml that names no file of the hub.
    case badEntry(config: HubReference, entry: String)
    /// A repository without examples of features, or without those of a layer.
    case noExamples(reference: HubReference, layer: Int?)
    /// An index of examples that cannot be read.
    case examples(String)
    /// The set's model cannot be downloaded.
    case modelOfSet(set: HubReference, model: String, reason: DownloadError)

    // What arrived.
    /// A size other than the listing's.
    case size(file: HubReference, expected: Int, found: Int)
    /// Contents other than the listing's.
    case hash(file: HubReference, expected: String, found: String)
    /// A file of another commit than the listing's.
    case commit(file: HubReference, expected: String, found: String)

    // This machine.
    /// A disk with too little room, in bytes.
    case space(needed: Int, free: Int, folder: URL)
    /// A file or folder that cannot be written.
    case unwritable(file: URL, reason: SystemError)
    /// A file of the cache that is wrong or missing.
    case checkpoint(CheckpointError)
}

/// Why a connection failed.
package enum ConnectionProblem: Sendable, Equatable {
    /// Nothing listens there.
    case refused
    /// The connection was lost.
    case lost
    /// Nothing arrived for too long.
    case silent
}

/// What is wrong with the hub's answer about a repository.
package enum AnswerProblem: Sendable, Equatable {
    /// Not JSON, or not of the documented shape.
    case notJSON
    /// Longer than any genuine answer.
    case tooLong(limit: Int)
    /// A commit that is not a hash.
    case commit(String)
    /// A path that leads out of the repository's folder.
    case path(String)
    /// Contents whose name is not their hash, so that they could not be checked.
    case blob(path: String, name: String)
    /// A file without a size.
    case noSize(path: String)
    /// A size that no file can have: negative, not a number of bytes, or beyond any disk.
    case size(path: String)
    /// Sizes whose sum exceeds any disk from this file on.
    case sum(path: String)
    /// A settings file, which is read before anything else, that is too long to be one.
    case settings(path: String, size: Int, limit: Int)
}
