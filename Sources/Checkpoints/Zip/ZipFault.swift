/// Why a zip archive cannot be read. Offsets and lengths are in bytes.
package enum ZipFault: Error, Sendable, Equatable {
    case wrongContent(WrongContent)
    /// A file that does not begin like an archive.
    case notAnArchive
    /// A file that begins like an archive but has no directory.
    case noEnd
    /// An archive in several parts.
    case severalDisks
    /// A directory outside the file.
    case directoryRange(start: UInt64, length: UInt64, limit: Int)
    /// An invalid entry of the directory.
    case directoryEntry(index: Int)
    /// A wrong number of entries.
    case entryCount(expected: UInt64, found: Int)
    /// A name that is not UTF-8.
    case memberName(index: Int)
    /// Two members with the same name.
    case duplicate(member: String)
    /// An encrypted member.
    case encrypted(member: String)
    /// A member that is neither stored nor deflated.
    case method(member: String, number: UInt16)
    /// A member outside the file.
    case memberRange(member: String, offset: UInt64, limit: Int)
    /// The header before the member contradicts the directory.
    case localHeader(member: String)
    /// Two members that share bytes.
    case overlap(member: String, other: String)
    /// A stored member with two different sizes.
    case storedSize(member: String, size: UInt64, storedAs: UInt64)
    /// A size that so few compressed bytes cannot inflate to.
    case inflatedSize(member: String, size: UInt64, storedAs: UInt64)
    /// Not enough memory for an inflated member.
    case outOfMemory(member: String, size: Int)
    /// A member that, with those inflated before it, takes more memory than a file of this size should.
    case allowance(member: String, size: Int, limit: Int)
    /// A member that cannot be inflated.
    case deflate(member: String)
    /// A member that inflates to the wrong size.
    case inflatesTo(member: String, expected: Int, atLeast: Int)
    /// A member whose contents do not match its checksum.
    case checksum(member: String)
}

extension ZipFault {
    /// The sentence after the file's name.
    var sentence: String {
        switch self {
        case .wrongContent(let wrongContent): wrongContent.sentence
        case .notAnArchive:
            "is not a zip archive, as .npz and .pt files are. Name another file, or download it again."
        case .noEnd:
            "is truncated: it begins as a zip archive but has no directory at its end. Download it again."
        case .severalDisks:
            "is one part of a split zip archive. Join the parts first."
        case .directoryRange(let start, let length, let limit):
            "is a damaged zip archive: its directory of \(length) bytes at byte \(start) does not fit before byte \(limit)."
                + " Download it again."
        case .directoryEntry(let index):
            "is a damaged zip archive: entry \(index) of its directory is not whole. Download it again."
        case .entryCount(let expected, let found):
            "is a damaged zip archive: the number of its entries should be \(expected) but is \(found). Download it again."
        case .memberName(let index):
            "is a zip archive whose entry \(index) has a name that is not UTF-8. Write it again with another name."
        case .duplicate(let member):
            "is a zip archive with two members named \(member). Write it again with one of them."
        case .encrypted(let member):
            "is a zip archive whose member \(member) is encrypted. Write it again without a password."
        case .method(let member, let number):
            "is a zip archive whose member \(member) is compressed by method \(number);"
                + " 0 (stored) and 8 (deflated) are supported. Write it again with one of them."
        case .memberRange(let member, let offset, let limit):
            "is a damaged zip archive: its member \(member) at byte \(offset) does not fit before byte \(limit)."
                + " Download it again."
        case .localHeader(let member):
            "is a damaged zip archive: the header of its member \(member) does not match the directory."
                + " Download it again."
        case .overlap(let member, let other):
            "is a damaged zip archive: its members \(member) and \(other) overlap."
        case .storedSize(let member, let size, let storedAs):
            "is a damaged zip archive: its uncompressed member \(member) should have \(size) bytes but has \(storedAs)."
                + " Download it again."
        case .inflatedSize(let member, let size, let storedAs):
            "is a damaged zip archive: the \(storedAs) bytes of its member \(member) cannot inflate to \(size)."
                + " Download it again."
        case .outOfMemory(let member, let size):
            "needs \(size) bytes of memory for its deflated member \(member), which are not available."
                + " Write it again uncompressed (numpy.savez), so that it is mapped."
        case .allowance(let member, let size, let limit):
            "would take too much memory: its deflated member \(member) has \(size) bytes; \(limit) are allowed for a file of its size."
                + " If the file is genuine, write it again uncompressed (numpy.savez, torch.save)."
        case .deflate(let member):
            "is a damaged zip archive: its member \(member) cannot be inflated. Download it again."
        case .inflatesTo(let member, let expected, let atLeast):
            "is a damaged zip archive: its member \(member) should inflate to \(expected) bytes and inflates to "
                + (atLeast > expected ? "more" : "\(atLeast)") + ". Download it again."
        case .checksum(let member):
            "is a damaged zip archive: its member \(member) does not match its checksum. Download it again."
        }
    }
}
