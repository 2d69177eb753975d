import Foundation

/// Why the operating system refused: an `errno` value.
public struct SystemError: Error, Sendable, Hashable, CustomStringConvertible {
    public let code: Int32

    public init(code: Int32) { self.code = code }

    /// What the call that has just failed left in `errno`.
    package static var last: SystemError { SystemError(code: errno) }

    /// The system's own words, as `No such file or directory`.
    public var description: String { String(cString: strerror(code)) }

    /// What the user can do about the usual ones, as a sentence after a space.
    var advice: String {
        switch code {
        case ENOENT: " Check the path."
        case EACCES, EPERM, EROFS: " Check the permissions."
        case ENOSPC, EDQUOT: " Make room and try again."
        default: ""
        }
    }
}
