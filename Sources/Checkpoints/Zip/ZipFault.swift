/// What keeps a file from being a zip archive whose members can be read. Offsets and lengths are in bytes.
package enum ZipFault: Error, Sendable, Equatable {
    case wrongContent(WrongContent)
    /// Of a file that does not even begin as an archive.
    case notAnArchive
    /// Of one that does: it has no record of its end.
    case noEnd
    /// An archive in several parts.
    case severalDisks
    /// A directory that does not lie in the file.
    case directoryRange(start: UInt64, length: UInt64, limit: Int)
    /// An entry of the directory that is not one.
    case directoryEntry(index: Int)
    /// Another number of entries than the end says.
    case entryCount(expected: UInt64, found: Int)
    /// A name that is not UTF-8.
    case memberName(index: Int)
    /// Two members of one name.
    case duplicate(member: String)
    /// A member under a password.
    case encrypted(member: String)
    /// A member that is neither stored nor deflated.
    case method(member: String, number: UInt16)
    /// A member that does not lie in the file.
    case memberRange(member: String, offset: UInt64, limit: Int)
    /// The header before the member says something else than the directory.
    case localHeader(member: String)
    /// Two members that share bytes.
    case overlap(member: String, other: String)
    /// A stored member of another size than it takes.
    case storedSize(member: String, size: UInt64, storedAs: UInt64)
    /// More than so few compressed bytes can hold.
    case inflatedSize(member: String, size: UInt64, storedAs: UInt64)
    /// No memory for what a member inflates to.
    case outOfMemory(member: String, size: Int)
    /// With what was inflated before it, more than a file of that size should take.
    case allowance(member: String, size: Int, limit: Int)
    /// A member that does not inflate.
    case deflate(member: String)
    /// A member that inflates to another size.
    case inflatesTo(member: String, expected: Int, atLeast: Int)
    /// A member of another content than its checksum says.
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
            "is cut off: it begins as a zip archive and has no directory at its end. Download it again."
        case .severalDisks:
            "is a part of a zip archive split over several files. Join them first."
        case .directoryRange(let start, let length, let limit):
            "is a damaged zip archive: its directory of \(length) bytes at byte \(start) does not fit before byte \(limit)."
                + " Download it again."
        case .directoryEntry(let index):
            "is a damaged zip archive: entry \(index) of its directory is not whole. Download it again."
        case .entryCount(let expected, let found):
            "is a damaged zip archive: the number of its entries should be \(expected) and is \(found). Download it again."
        case .memberName(let index):
            "is a zip archive whose entry \(index) has a name that is not UTF-8. Write it again with another name."
        case .duplicate(let member):
            "is a zip archive with two members \(member). Write it again with one."
        case .encrypted(let member):
            "is a zip archive whose member \(member) is encrypted. Write it again without a password."
        case .method(let member, let number):
            "is a zip archive whose member \(member) is compressed by method \(number);"
                + " 0 (stored) and 8 (deflated) are read. Write it again with one of them."
        case .memberRange(let member, let offset, let limit):
            "is a damaged zip archive: its member \(member) at byte \(offset) does not fit before byte \(limit)."
                + " Download it again."
        case .localHeader(let member):
            "is a damaged zip archive: what stands before its member \(member) is not what the directory says."
                + " Download it again."
        case .overlap(let member, let other):
            "is a damaged zip archive: its members \(member) and \(other) overlap."
        case .storedSize(let member, let size, let storedAs):
            "is a damaged zip archive: its member \(member) has \(size) bytes, stored as they are in \(storedAs)."
                + " Download it again."
        case .inflatedSize(let member, let size, let storedAs):
            "is a damaged zip archive: its member \(member) cannot have \(size) bytes, deflated to \(storedAs)."
                + " Download it again."
        case .outOfMemory(let member, let size):
            "needs \(size) bytes of memory for its deflated member \(member), which are not to be had."
                + " Write it again uncompressed (numpy.savez), so that it is mapped."
        case .allowance(let member, let size, let limit):
            "would take too much memory: its deflated member \(member) has \(size) bytes, and \(limit) are allowed for a file of its size."
                + " If it is what it should be, write it again uncompressed (numpy.savez, torch.save)."
        case .deflate(let member):
            "is a damaged zip archive: its member \(member) does not inflate. Download it again."
        case .inflatesTo(let member, let expected, let atLeast):
            "is a damaged zip archive: its member \(member) should inflate to \(expected) bytes and inflates to "
                + (atLeast > expected ? "more" : "\(atLeast)") + ". Download it again."
        case .checksum(let member):
            "is a damaged zip archive: its member \(member) holds other bytes than were put in. Download it again."
        }
    }
}
