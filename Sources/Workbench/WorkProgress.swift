/// How far a long operation is; the faces decide how to show it.
package struct WorkProgress: Sendable, Equatable {
    package let phase: String
    /// In `unit`s.
    package let done: Int
    package let total: Int
    package let unit: String

    /// The unit of what is shown as sizes are.
    package static let bytes = "bytes"

    package init(phase: String, done: Int, total: Int, unit: String) {
        self.phase = phase
        self.done = done
        self.total = total
        self.unit = unit
    }
}

package typealias ProgressHandler = @Sendable (WorkProgress) -> Void
