/// Limits the work that a file can ask for: real files have at most three stages, which make a text at most six times as long.
enum StageLimit {
    private static let count = 100
    private static let growth = 64

    /// - Parameter growths: how many times longer each stage can make a text.
    /// - Throws: `.unsupported` for more stages, or stages that lengthen more, than any real file has.
    static func check(_ growths: [Int], key: String) throws(TokenizerError) {
        guard growths.count <= count else { throw .unsupported(key: key, value: "more than \(count) stages") }
        var product = 1
        for growth in growths {
            // Both factors are small: no file holds a content of 2^32 bytes.
            product *= growth
            guard product <= Self.growth else { throw .unsupported(key: key, value: "a text more than \(Self.growth) times as long") }
        }
    }
}
