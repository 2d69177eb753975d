internal import ShownText

/// Which side of its column a text keeps to.
enum Alignment: Sendable { case left, right }

extension StringProtocol {
    /// The text padded with spaces to a number of columns.
    func padded(toWidth width: Int, on side: Alignment) -> String {
        let spaces = String(repeating: " ", count: Swift.max(0, width - displayWidth))
        return side == .left ? self + spaces : spaces + self
    }
}
