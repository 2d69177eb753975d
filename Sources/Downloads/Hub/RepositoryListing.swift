internal import Checkpoints
internal import Foundation

/// A file of a repository as the hub lists it.
struct RemoteFile: Sendable, Equatable {
    /// The path in the repository: `sub/folder/name`.
    let path: String
    /// In bytes, from 0 to `sizeLimit`.
    let size: Int
    let blob: Blob

    /// A petabyte: beyond any disk, yet the sum of thousands of such sizes does not overflow.
    static let sizeLimit = 1 << 50
}

/// A file's contents, whatever the file is called: the name in the cache's `blobs`, which is the ETag on the hub, and
/// the hash that checks what arrives.
struct Blob: Sendable, Hashable {
    let name: String
    /// How the contents are checked against the name.
    let check: Check

    /// Nil for a name that is not a hash: nothing is kept under a name that cannot be checked.
    init?(name: String) {
        guard name.utf8.allSatisfy({ 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 }) else { return nil }
        switch name.utf8.count {
        case 64: check = .sha256
        case 40: check = .git
        default: return nil
        }
        self.name = name
    }

    /// As a header has it: `"name"` or `W/"name"`.
    init?(etag: String) {
        let strong = etag.hasPrefix("W/") ? etag.dropFirst(2) : Substring(etag)
        self.init(name: strong.trimmingCharacters(in: CharacterSet(charactersIn: "\"")))
    }

    enum Check: Sendable {
        /// SHA-256 of the bytes: large files.
        case sha256
        /// SHA-1 of git's `blob SIZE`, a zero byte, and the bytes: files that git itself holds.
        case git
    }
}

/// What a revision of a repository holds.
struct RepositoryListing: Sendable, Equatable {
    let reference: HubReference
    let commit: String
    /// By path; size and blob are nil if the hub does not give them.
    let entries: [String: Entry]

    struct Entry: Sendable, Equatable {
        let size: Int?
        let blob: Blob?
    }

    var paths: [String] { entries.keys.sorted() }

    /// Reads the hub's answer.
    /// - Throws: `.answer` if it is not valid, names a place outside the repository or contents that cannot be checked, or
    ///   gives a file an impossible size.
    init(_ json: Data, of reference: HubReference, host: String) throws(DownloadError) {
        guard let answer = try? JSONDecoder().decode(Answer.self, from: json) else {
            throw .answer(host: host, problem: .notJSON)
        }
        guard isCommit(answer.sha) else { throw .answer(host: host, problem: .commit(answer.sha)) }
        self.reference = reference.whole
        commit = answer.sha
        var entries: [String: Entry] = [:]
        for file in answer.siblings {
            guard HubReference.isPath(file.rfilename), !file.rfilename.contains("\\") else {
                throw .answer(host: host, problem: .path(file.rfilename))
            }
            let name = file.lfs?.sha256 ?? file.blobId
            let blob = name.flatMap(Blob.init(name:))
            if let name, blob == nil { throw .answer(host: host, problem: .blob(path: file.rfilename, name: name)) }
            let size = file.size ?? file.lfs?.size
            if let size, size.bytes == nil { throw .answer(host: host, problem: .size(path: file.rfilename)) }
            entries[file.rfilename] = Entry(size: size?.bytes, blob: blob)
        }
        self.entries = entries
    }

    /// The part of the hub's answer that is used, in its own words.
    private struct Answer: Decodable {
        let sha: String
        let siblings: [File]

        struct File: Decodable {
            let rfilename: String
            let size: Size?
            let blobId: String?
            let lfs: Large?
        }

        struct Large: Decodable {
            let sha256: String?
            let size: Size?
        }

        struct Size: Decodable {
            /// Nil for anything but the size of a file.
            let bytes: Int?

            init(from decoder: any Decoder) throws {
                let number = try? decoder.singleValueContainer().decode(Int.self)
                bytes = number.flatMap { 0...RemoteFile.sizeLimit ~= $0 ? $0 : nil }
            }
        }
    }
}

/// Whether it is a commit written in full.
func isCommit(_ text: String) -> Bool {
    text.utf8.count == 40 && text.utf8.allSatisfy { 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 }
}
