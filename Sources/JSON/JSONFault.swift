/// What keeps bytes from being a JSON text, and where. Offsets count bytes from 0.
public struct JSONFault: Error, Sendable, Equatable {
    public enum Reason: Sendable, Equatable {
        case notUTF8
        /// More bytes than are read.
        case tooLarge(byteCount: Int, limit: Int)
        case endsEarly
        /// A byte that is not what JSON has there, and what it has.
        case unexpected(byte: UInt8, expected: String)
        /// Something after the end of the value.
        case trailing(byte: UInt8)
        case tooDeep(limit: Int)
        /// More than `limit` values.
        case tooLong(limit: Int)
        /// One that is not escaped, in a string.
        case controlCharacter
        case badEscape
        /// Half of a surrogate pair.
        case loneSurrogate
        case badNumber
        case duplicateKey(String)
    }

    public let reason: Reason
    /// Where the word, the number or the escape begins that is wrong.
    public let start: Int
    /// Where reading stopped: the first byte that cannot be right, or the one after an escape.
    public let offset: Int

    /// - Parameter start: nil where nothing begins before `offset`.
    public init(_ reason: Reason, at offset: Int, from start: Int? = nil) {
        self.reason = reason
        self.start = start ?? offset
        self.offset = offset
    }
}
