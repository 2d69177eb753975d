internal import Foundation

/// How many bytes still fit where `folder` is or will be; `nil` where the system does not say.
func freeSpace(at folder: URL) -> Int? {
    var place = folder
    while access(place.path, F_OK) != 0, place.path != "/" { place.deleteLastPathComponent() }
    var status = statvfs()
    guard statvfs(place.path, &status) == 0 else { return nil }
    return Int(clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
}
