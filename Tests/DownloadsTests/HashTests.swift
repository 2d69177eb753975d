import TestSupport
import Testing
@testable import Downloads

@Suite struct HashTests {
    private func sha1(_ pieces: [UInt8]...) -> String {
        var hash = ContentHash(.sha1)
        for piece in pieces { piece.withUnsafeBytes { hash.update($0) } }
        return hash.finished()
    }

    private func sha256(_ pieces: [UInt8]...) -> String {
        var hash = ContentHash(.sha256)
        for piece in pieces { piece.withUnsafeBytes { hash.update($0) } }
        return hash.finished()
    }

    /// FIPS 180-4's examples and the empty message.
    @Test func `the standard's messages have the standard's hashes`() {
        let long = Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8)
        let millionA = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        #expect(sha1([]) == "da39a3ee5e6b4b0d3255bfef95601890afd80709")
        #expect(sha1(Array("abc".utf8)) == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(sha1(long) == "84983e441c3bd26ebaae4aa1f95129e5e54670f1")
        #expect(sha1(millionA) == "34aa973cd4c4daa4f61eeb2bdbad27316534016f")
        #expect(sha256([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(sha256(Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(sha256(long) == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
        #expect(sha256(millionA) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    /// Around the block's length and that of its padding.
    @Test func `how a message is cut does not matter`() {
        let message = content(260)
        for count in [0, 1, 54, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 129, 260] {
            let whole = Array(message[..<count])
            for cut in Set([0, 1, count / 2, max(0, count - 1)].map { min($0, count) }) {
                #expect(sha256(Array(whole[..<cut]), Array(whole[cut...])) == sha256(whole))
                #expect(sha1(Array(whole[..<cut]), Array(whole[cut...])) == sha1(whole))
            }
        }
        // Of 119 bytes of `a`, where the length needs a block of its own.
        #expect(sha256([UInt8](repeating: 0x61, count: 119)) == "31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb")
    }

    @Test func `a blob is named as git names it`() {
        // `printf 'hello\n' | git hash-object --stdin`
        #expect(gitHash(Array("hello\n".utf8)) == "ce013625030ba8dba906f756967f9e9ca394464a")
    }
}
