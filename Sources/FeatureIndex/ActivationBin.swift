/// A range of activations: those with the same sign, exponent and first three bits of the fraction, so eight ranges for each power of two. Which one
/// an activation is in needs no knowledge of others, so counts can be added whatever they were counted on.
package struct ActivationBin: Sendable, Hashable, Comparable {
    /// Ascending with the activations; negative below 0.
    package let number: Int16

    package init(number: Int16) { self.number = number }

    /// - Parameter activation: finite.
    package init(_ activation: Float) {
        let magnitude = Int16(truncatingIfNeeded: activation.magnitude.bitPattern >> 20)
        number = activation.sign == .minus ? -magnitude - 1 : magnitude
    }

    /// The activation nearest to 0 in it.
    private var nearest: Float { Self.magnitude(number < 0 ? -(number + 1) : number) }

    /// Where the next one away from 0 begins.
    private var farthest: Float { Self.magnitude((number < 0 ? -(number + 1) : number) + 1) }

    /// Its least activation.
    package var lower: Float { number < 0 ? -farthest : nearest }

    /// Its largest activation, and the least of the next one up.
    package var upper: Float { number < 0 ? -nearest : farthest }

    package static func < (a: ActivationBin, b: ActivationBin) -> Bool { a.number < b.number }

    private static func magnitude(_ number: Int16) -> Float { Float(bitPattern: UInt32(UInt16(bitPattern: number)) << 20) }
}
