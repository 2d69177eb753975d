/// Why bytes are not a JSON text, and where. Offsets count bytes from 0.
public struct JSONFault: Error, Sendable, Equatable {
    /// The JSON rule, or the limit of this reader, that is broken.
    public enum Reason: Sendable, Equatable {
        /// Bytes that are not valid UTF-8.
        case notUTF8
        /// More bytes than the limit.
        case tooLarge(byteCount: Int, limit: Int)
        /// The text ends within a value.
        case endsEarly
        /// An unexpected byte, and what was expected.
        case unexpected(byte: UInt8, expected: String)
        /// More text after the end of the value.
        case trailing(byte: UInt8)
        /// Arrays and objects nested more than `limit` levels deep.
        case tooDeep(limit: Int)
        /// More than `limit` values.
        case tooLong(limit: Int)
        /// A control character in a string, not escaped.
        case controlCharacter
        /// An unknown escape.
        case badEscape
        /// Half of a surrogate pair.
        case loneSurrogate
        /// A malformed number.
        case badNumber
        /// A key that appears twice in an object.
        case duplicateKey(String)
    }

    /// The broken rule or limit.
    public let reason: Reason
    /// Where the wrong word, number or escape begins.
    public let start: Int
    /// Where reading stopped: the first wrong byte, or the byte after an escape.
    public let offset: Int

    /// - Parameter start: nil if nothing begins before `offset`.
    public init(_ reason: Reason, at offset: Int, from start: Int? = nil) {
        self.reason = reason
        self.start = start ?? offset
        self.offset = offset
    }
}
