/// The hash by which the hub names what it stores, of contents that arrive in pieces.
package struct ContentHash: ~Copyable {
    package enum Function: Sendable {
        /// The hash of git objects.
        case sha1
        /// The hash of large files.
        case sha256
    }

    private var hash: SystemHash

    package init(_ function: Function) { hash = SystemHash(function) }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) { hash.update(bytes) }

    package mutating func update(_ text: String) {
        var text = text
        text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
    }

    /// In hexadecimal.
    package consuming func finished() -> String {
        hash.finished().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
