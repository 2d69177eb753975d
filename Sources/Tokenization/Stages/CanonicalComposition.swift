#if canImport(Darwin)
internal import Foundation
#else
@_spi(_Unicode) internal import Swift
#endif

/// NFC as the reference does it, which composes by Unicode 9: to it, what came later is neither composed nor reordered, and
/// ends a run.
enum CanonicalComposition {
    private static let unicodeMajor = 9

    static func apply(to utf8: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        // Below U+0300, which UTF-8 writes 0xCC 0x80, every text is composed.
        guard utf8.contains(where: { $0 >= 0xCC }) else { return utf8 }
        return composed(String(decoding: utf8, as: UTF8.self).unicodeScalars)[...]
    }

    private static func composed(_ scalars: String.UnicodeScalarView) -> [UInt8] {
        var result = String.UnicodeScalarView()
        var run = String.UnicodeScalarView()
        for scalar in scalars {
            if scalar.value >= 0x300, let age = scalar.properties.age, age.major > unicodeMajor {
                appendComposed(String(run), to: &result)
                run = String.UnicodeScalarView()
                result.append(scalar)
            } else {
                run.append(scalar)
            }
        }
        appendComposed(String(run), to: &result)
        return Array(String(result).utf8)
    }

    private static func appendComposed(_ run: String, to result: inout String.UnicodeScalarView) {
        #if canImport(Darwin)
        result.append(contentsOf: run.precomposedStringWithCanonicalMapping.unicodeScalars)
        #else
        // Foundation on Linux cuts scalars to 16 bits when it composes: U+10417 U+0308 becomes U+04DE.
        for scalar in run._nfc { result.append(scalar) }
        #endif
    }
}
