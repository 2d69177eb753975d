import Foundation

/// Why the operating system refused: an `errno` value.
package struct SystemError: Error, Sendable, Hashable, CustomStringConvertible {
    package let code: Int32

    package init(code: Int32) { self.code = code }

    /// What the call that has just failed left in `errno`.
    package static var last: SystemError { SystemError(code: errno) }

    /// The system's own words, as `No such file or directory`.
    package var description: String { String(cString: strerror(code)) }

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
