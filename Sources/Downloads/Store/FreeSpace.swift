package import Foundation

/// The free bytes where `folder` is or will be; nil if the system does not say.
package func freeSpace(at folder: URL) -> Int? {
    var existing = folder
    while access(existing.path, F_OK) != 0, existing.path != "/" { existing.deleteLastPathComponent() }
    var status = statvfs()
    guard statvfs(existing.path, &status) == 0 else { return nil }
    return Int(clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
}
