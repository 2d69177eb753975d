import Foundation

/// Why the operating system refused: an `errno` value.
package struct SystemError: Error, Sendable, Hashable, CustomStringConvertible {
    package let code: Int32

    package init(code: Int32) { self.code = code }

    /// The `errno` of the call that has just failed.
    package static var last: SystemError { SystemError(code: errno) }

    /// The system's text, such as `No such file or directory`.
    package var description: String { String(cString: strerror(code)) }

    /// What the user can do about a common error, as a sentence after a space.
    var advice: String {
        switch code {
        case ENOENT: " Check the path."
        case EACCES, EPERM, EROFS: " Check the permissions."
        case ENOSPC, EDQUOT: " Free some space and try again."
        default: ""
        }
    }
}
