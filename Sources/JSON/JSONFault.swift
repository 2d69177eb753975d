/// What keeps bytes from being a JSON text, and where. Offsets count bytes from 0.
public struct JSONFault: Error, Sendable, Equatable {
    /// The rule of JSON, or the limit of ours, that bytes can break.
    public enum Reason: Sendable, Equatable {
        /// Bytes that are not text.
        case notUTF8
        /// More bytes than are read.
        case tooLarge(byteCount: Int, limit: Int)
        /// The text ends within a value.
        case endsEarly
        /// A byte that is not what JSON has there, and what it has.
        case unexpected(byte: UInt8, expected: String)
        /// Something after the end of the value.
        case trailing(byte: UInt8)
        /// Arrays and objects in one another, more than `limit` levels of them.
        case tooDeep(limit: Int)
        /// More than `limit` values.
        case tooLong(limit: Int)
        /// One that is not escaped, in a string.
        case controlCharacter
        /// A backslash before something that JSON does not escape.
        case badEscape
        /// Half of a surrogate pair.
        case loneSurrogate
        /// A number that is not written as JSON writes numbers.
        case badNumber
        /// An object with a key twice.
        case duplicateKey(String)
    }

    /// Which rule or limit these break.
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
