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
}
