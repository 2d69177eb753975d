#if canImport(Darwin)
    internal import Foundation
#else
    @_spi(_Unicode) internal import Swift
#endif

/// NFC as in the reference, which uses Unicode 9: later scalars are neither composed nor reordered, and end a run.
enum CanonicalComposition {
    private static let unicodeMajor = 9
    /// More marks in a row than people write. On longer rows the libraries take more than linear time.
    static let manyMarks = 32

    static func apply(to utf8: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        // Below U+0300, which UTF-8 writes 0xCC 0x80, every text is composed.
        guard utf8.contains(where: { $0 >= 0xCC }) else { return utf8 }
        return composed(String(decoding: utf8, as: UTF8.self).unicodeScalars)[...]
    }

    private static func composed(_ scalars: String.UnicodeScalarView) -> [UInt8] {
        var (result, run): ([Unicode.Scalar], [Unicode.Scalar]) = ([], [])
        // The number of marks at the end of the run, and whether it ever had too many in a row.
        var (marks, isLong) = (0, false)
        func endRun() {
            if isLong { appendComposed(long: run, to: &result) } else { append(composed: run, to: &result) }
            run.removeAll(keepingCapacity: true)
            (marks, isLong) = (0, false)
        }
        for scalar in scalars {
            if scalar.value >= 0x300, let age = scalar.properties.age, age.major > unicodeMajor {
                endRun()
                result.append(scalar)
            } else {
                run.append(scalar)
                marks = isMark(scalar) ? marks + 1 : 0
                if marks > manyMarks { isLong = true }
            }
        }
        endRun()
        return Array(text(result).utf8)
    }

    /// Whether the scalar can be reordered, or consists of scalars that can.
    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x300 && (scalar.properties.canonicalCombiningClass.rawValue > 0 || 0xF71...0xF81 ~= scalar.value)
    }

    static func append(composed run: [Unicode.Scalar], to result: inout [Unicode.Scalar]) {
        #if canImport(Darwin)
            result += text(run).precomposedStringWithCanonicalMapping.unicodeScalars
        #else
            // Foundation on Linux cuts scalars to 16 bits when it composes: U+10417 U+0308 becomes U+04DE.
            result += text(run)._nfc
        #endif
    }

    /// Appends one scalar at a time: appending many at once copies all that are there.
    private static func text(_ scalars: [Unicode.Scalar]) -> String {
        var view = String.UnicodeScalarView()
        for scalar in scalars { view.append(scalar) }
        return String(view)
    }
}
