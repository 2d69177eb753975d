#if canImport(Darwin)
    internal import Foundation
#else
    @_spi(_Unicode) internal import Swift
#endif

/// Composition of texts with longer rows of marks than people write.
extension CanonicalComposition {
    /// The library composes everything except the marks in long rows.
    static func appendComposed(long run: [Unicode.Scalar], to result: inout [Unicode.Scalar]) {
        var waiting: [Unicode.Scalar] = []
        var marks: [Unicode.Scalar] = []
        func endMarks() {
            if marks.count > manyMarks {
                let hasLetter = !waiting.isEmpty
                append(composed: waiting, to: &result)
                if hasLetter { compose(marks, withLastOf: &result) } else { result += marks }
                waiting.removeAll(keepingCapacity: true)
            } else {
                waiting += marks
            }
            marks.removeAll(keepingCapacity: true)
        }
        for scalar in ordered(run) {
            if scalar.properties.canonicalCombiningClass.rawValue > 0 {
                marks.append(scalar)
            } else {
                endMarks()
                waiting.append(scalar)
            }
        }
        endMarks()
        append(composed: waiting, to: &result)
    }

    /// Appends marks, which are in canonical order, and composes those that can be with the letter before them.
    private static func compose(_ marks: [Unicode.Scalar], withLastOf result: inout [Unicode.Scalar]) {
        var letter = result.removeLast()
        var rest: [Unicode.Scalar] = []
        // A mark before it of the same class blocks a mark from the letter.
        var barrier: UInt8 = 0
        for mark in marks {
            let order = mark.properties.canonicalCombiningClass.rawValue
            if order > barrier, let both = composed(letter, mark) {
                letter = both
            } else {
                rest.append(mark)
                barrier = order
            }
        }
        result.append(letter)
        result += rest
    }

    /// The one scalar that two become; nil if they stay two.
    private static func composed(_ letter: Unicode.Scalar, _ mark: Unicode.Scalar) -> Unicode.Scalar? {
        var result: [Unicode.Scalar] = []
        append(composed: [letter, mark], to: &result)
        return result.count == 1 ? result.first : nil
    }

    /// The scalars decomposed and in canonical order: a run of marks is sorted by class, keeping the order within a class.
    private static func ordered(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        var marks = [[Unicode.Scalar]](repeating: [], count: 256)
        var classes: Set<UInt8> = []
        func endMarks() {
            for order in classes.sorted() {
                result += marks[Int(order)]
                marks[Int(order)].removeAll(keepingCapacity: true)
            }
            classes.removeAll(keepingCapacity: true)
        }
        for scalar in scalars.lazy.flatMap(decomposed) {
            let order = scalar.properties.canonicalCombiningClass.rawValue
            if order == 0 {
                if !classes.isEmpty { endMarks() }
                result.append(scalar)
            } else {
                marks[Int(order)].append(scalar)
                classes.insert(order)
            }
        }
        endMarks()
        return result
    }

    private static func decomposed(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        guard scalar.value >= 0xC0 else { return [scalar] }
        #if canImport(Darwin)
            return Array(String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars)
        #else
            return Array(String(scalar)._nfd)
        #endif
    }
}
