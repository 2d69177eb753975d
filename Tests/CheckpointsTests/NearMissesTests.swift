import Testing
@testable import Checkpoints

struct NearMissCase: Sendable, CustomTestStringConvertible {
    let name: String
    let near: [String]
    var testDescription: String { name }
}

@Suite struct NearMissesTests {
    private let names = ["model.norm.weight", "lm_head.weight", "W_enc", "W_dec", "b_enc", "k"]

    @Test(arguments: [
        NearMissCase(name: "w_enc", near: ["W_enc", "b_enc", "W_dec"]),
        NearMissCase(name: "norm.weight", near: ["model.norm.weight"]),
        NearMissCase(name: "model.lm_head.weight", near: ["lm_head.weight"]),
        NearMissCase(name: "threshold", near: []),
        NearMissCase(name: "q", near: []),
        NearMissCase(name: "", near: []),
    ])
    func `the nearest come first and the far not at all`(_ miss: NearMissCase) {
        #expect(nearMisses(of: miss.name, among: names) == miss.near)
    }

    @Test(arguments: [("kitten", "sitting", 3), ("", "abc", 3), ("abc", "abc", 0), ("acb", "abc", 1)])
    func `distance counts letters`(_ a: String, _ b: String, _ distance: Int) {
        #expect(editDistance(Array(a), Array(b)) == distance)
    }

    @Test(
        arguments: [
            ("atribute", "attribute"), ("PORMPT", "prompt"), ("featuress", "features"), ("x", nil), ("", nil), ("zzzzzz", nil),
        ] as [(String, String?)])
    func `one command is meant by a typed word`(word: String, meant: String?) {
        #expect(nearest(to: word, among: ["attribute", "prompt", "feature", "features"]) == meant)
    }
}
