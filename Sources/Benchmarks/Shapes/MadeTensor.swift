/// A tensor that is made: its elements are bf16.
struct MadeTensor: Sendable, Equatable {
    enum Contents: Sendable, Equatable {
        /// Random numbers around 0.
        case random(deviation: Float)
        /// One number everywhere.
        case constant(Float)
    }

    let name: String
    let shape: [Int]
    let contents: Contents

    init(_ name: String, _ shape: [Int], _ contents: Contents) {
        self.name = name
        self.shape = shape
        self.contents = contents
    }

    var count: Int { shape.reduce(1, *) }
    var byteCount: Int { 2 * count }
}
