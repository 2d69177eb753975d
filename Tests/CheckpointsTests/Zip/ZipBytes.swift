import Foundation

/// A zip archive with exactly these fields, however wrong they are.
struct ZipBytes {
    struct Member {
        var name: String
        var data: [UInt8]
        var method: UInt16 = 0
        var flags: UInt16 = 0
        /// In place of the true ones.
        var size: UInt32?
        var compressedSize: UInt32?
        var offset: UInt32?
        /// In the local header only.
        var localName: String?
        var localSize: UInt32?
        /// Of the directory's entry.
        var extra: [UInt8] = []
        /// Of what the data inflate to, or are; the data's own unless it is said.
        var checksum: UInt32?

        init(_ name: String, _ data: [UInt8], _ change: (inout Member) -> Void = { _ in }) {
            self.name = name
            self.data = data
            change(&self)
        }
    }

    var members: [Member]
    var count: UInt16?
    var directoryStart: UInt32?
    var disk: UInt16 = 0
    var comment: [UInt8] = []

    init(_ members: Member...) { self.members = members }

    var bytes: [UInt8] {
        var body: [UInt8] = []
        var directory: [UInt8] = []
        for member in members {
            let offset = UInt32(body.count)
            let name = Array(member.name.utf8)
            let localName = Array((member.localName ?? member.name).utf8)
            let compressedSize = member.compressedSize ?? UInt32(member.data.count)
            let size = member.size ?? UInt32(member.data.count)
            func common(_ size: UInt32) -> [UInt8] {
                short(20) + short(member.flags) + short(member.method) + word(0) + word(member.checksum ?? crc32(member.data)) + word(compressedSize)
                    + word(size)
            }
            body += word(0x0403_4B50) + common(member.localSize ?? size) + short(UInt16(localName.count)) + short(0) + localName
            body += member.data
            directory += word(0x0201_4B50) + short(20) + common(size) + short(UInt16(name.count))
            directory += short(UInt16(member.extra.count)) + short(0) + short(0) + short(0) + word(0)
            directory += word(member.offset ?? offset) + name + member.extra
        }
        let start = directoryStart ?? UInt32(body.count)
        let count = count ?? UInt16(members.count)
        return body + directory + word(0x0605_4B50) + short(disk) + short(0) + short(count) + short(count)
            + word(UInt32(directory.count)) + word(start) + short(UInt16(comment.count)) + comment
    }

    private func short(_ number: UInt16) -> [UInt8] { little(number) }
    private func word(_ number: UInt32) -> [UInt8] { little(number) }
}

/// The checksum of zip archives, bit by bit.
func crc32(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~0 as UInt32) { sum, byte in
        (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
}

func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
}

/// Deflated without being smaller: one block of bytes as they are.
func deflatedAsIs(_ bytes: [UInt8]) -> [UInt8] {
    [1] + little(UInt16(bytes.count)) + little(~UInt16(bytes.count)) + bytes
}

/// A `.npy` file with just this header.
func npy(_ header: String, _ data: [UInt8] = [], major: UInt8 = 1, minor: UInt8 = 0) -> [UInt8] {
    let text = Array(header.utf8)
    return [0x93] + Array("NUMPY".utf8) + [major, minor] + (major == 1 ? little(UInt16(text.count)) : little(UInt32(text.count)))
        + text + data
}

func npyHeader(_ type: String, _ shape: String, fortran: Bool = false) -> String {
    "{'descr': \(type), 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }\n"
}
