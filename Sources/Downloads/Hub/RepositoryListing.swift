internal import Checkpoints
internal import Foundation

/// A file of a repository as the hub lists it.
struct RemoteFile: Sendable, Equatable {
    /// In the repository, `sub/folder/name`.
    let path: String
    /// In bytes.
    let size: Int
    let blob: Blob
}

/// What a file holds, whatever it is called: its name in the cache's `blobs`, which is its ETag on the hub.
struct Blob: Sendable, Hashable {
    let name: String

    /// `nil` for a name that could lead out of a folder.
    init?(name: String) {
        guard HubReference.isPath(name), !name.contains("/"), name.utf8.count <= 200 else { return nil }
        self.name = name
    }

    /// As a header has it: `"name"` or `W/"name"`.
    init?(etag: String) {
        let strong = etag.hasPrefix("W/") ? etag.dropFirst(2) : Substring(etag)
        self.init(name: strong.trimmingCharacters(in: CharacterSet(charactersIn: "\"")))
    }

    /// How the content is checked against the name.
    var check: Check? {
        guard name.utf8.allSatisfy({ 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 }) else { return nil }
        return name.utf8.count == 64 ? .sha256 : name.utf8.count == 40 ? .git : nil
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
    /// By path; size and blob are `nil` where the hub does not say.
    let entries: [String: Entry]

    struct Entry: Sendable, Equatable {
        let size: Int?
        let blob: Blob?
    }

    var paths: [String] { entries.keys.sorted() }

    /// Reads the hub's answer.
    /// - Throws: `.answer` for one that is none, or that names a place outside the repository.
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
            if let name, blob == nil { throw .answer(host: host, problem: .blob(name)) }
            let size = file.size ?? file.lfs?.size
            if let size, size < 0 { throw .answer(host: host, problem: .noSize(path: file.rfilename)) }
            entries[file.rfilename] = Entry(size: size, blob: blob)
        }
        self.entries = entries
    }

    /// The part of the hub's answer that is used, in its own words.
    private struct Answer: Decodable {
        let sha: String
        let siblings: [File]

        struct File: Decodable {
            let rfilename: String
            let size: Int?
            let blobId: String?
            let lfs: Large?
        }

        struct Large: Decodable {
            let sha256: String?
            let size: Int?
        }
    }
}

/// Whether it is a commit written in full.
func isCommit(_ text: String) -> Bool {
    text.utf8.count == 40 && text.utf8.allSatisfy { 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 }
}
