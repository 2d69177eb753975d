/// Lengths are in whatever unit the sizes of the cards have; y grows downwards.
package struct Point: Sendable, Equatable {
    package var x: Double
    package var y: Double

    package init(x: Double, y: Double) { (self.x, self.y) = (x, y) }
}

package struct Size: Sendable, Equatable {
    package var width: Double
    package var height: Double

    package init(width: Double, height: Double) { (self.width, self.height) = (width, height) }
}

package struct Rectangle: Sendable, Equatable {
    /// The upper left corner.
    package var origin: Point
    package var size: Size

    package init(origin: Point, size: Size) { (self.origin, self.size) = (origin, size) }

    package var left: Double { origin.x }
    package var right: Double { origin.x + size.width }
    package var top: Double { origin.y }
    package var bottom: Double { origin.y + size.height }
    package var center: Point { Point(x: origin.x + size.width / 2, y: origin.y + size.height / 2) }
}
