package import Tensors

extension RandomBits {
    /// Numbers spread evenly over `-scale...scale`.
    package mutating func floats(_ count: Int, scale: Float = 1) -> [Float] {
        (0..<count).map { _ in Float.random(in: -scale...scale, using: &self) }
    }
}
