internal import Foundation

/// A count of bytes as people read it: `512 B`, `24.1 MB`.
package func byteText(_ count: Int) -> String {
    if count < 1000 { return "\(count) B" }
    var value = Double(count) / 1000
    for unit in ["kB", "MB", "GB"] {
        if value < 999.95 { return String(format: "%.1f \(unit)", value) }
        value /= 1000
    }
    return String(format: "%.1f TB", value)
}
