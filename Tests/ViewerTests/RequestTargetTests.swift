import Tensors
import Testing

@testable import Viewer

@Suite struct RequestTargetTests {
    @Test func `paths and queries are decoded once`() throws {
        #expect(try RequestTarget(parsing: "/").path == [])
        #expect(try RequestTarget(parsing: "/?x=1").path == [])
        let target = try RequestTarget(parsing: "/graph_data/my%20gr%C3%A4ph+1.json?slug=a%2Fb+c&node_threshold=0.8&flag")
        #expect(target.path == ["graph_data", "my gräph+1.json"])
        #expect(target.query == ["slug": "a/b c", "node_threshold": "0.8", "flag": ""])
        // A file may be called so; it is not the parent folder.
        #expect(try RequestTarget(parsing: "/graph_data/%252e%252e").path == ["graph_data", "%2e%2e"])
        #expect(try RequestTarget(parsing: "/a//b/").path == ["a", "", "b", ""])
    }

    @Test(arguments: [
        "/../etc/passwd", "/graph_data/../../etc/passwd", "/%2e%2e/x", "/%2E%2e/x", "/.%2e/x", "/./x", "/%2e/x", "/a/..",
        "/graph_data/..%2f..%2fetc%2fpasswd", "/graph_data/..%5c..%5cx", "/graph_data/a\\b", "/graph_data/a%00.json", "/%0d%0aX:y",
        "/%c0%ae%c0%ae/x", "/%c0%afetc", "/%e0%80%ae", "/%ff", "/%f8%80%80%80%ae", "/%", "/%2", "/%zz", "/%u002e", "/%7f", "/%c2%85",
        "/?a=%ff", "/?a=%", "/?slug=a&slug=b", "/?%73lug=a&slug=b",
        "", "x", "http://localhost/", "//user@host\u{0}", "*", "localhost:80", "/a b", "/ä", "/a\tb", "/\u{7f}",
    ])
    func `nothing leads out of its folder`(target: String) {
        let refusal = #expect(throws: Refusal.self) { try RequestTarget(parsing: target) }
        #expect(refusal?.status == 400)
    }

    @Test func `whatever comes, no part of a path is one that leads elsewhere`() {
        var random = RandomBits(seed: 41)
        let pieces = [
            "/", "..", ".", "%2e", "%2E", "%2f", "%5c", "\\", "%00", "%25", "%c0%ae", "a", "%41", "?", "=", "&", "%", "ä", " ", "\u{202e}", "%e2%80%ae",
        ]
        var parsed = 0
        for _ in 0..<20_000 {
            let text = "/" + (0..<Int.random(in: 0..<8, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
            guard let path = try? RequestTarget(parsing: text).path else { continue }
            parsed += 1
            for part in path {
                #expect(part != "." && part != ".." && !part.contains("/") && !part.contains("\\") && !part.contains("\0"), "\(text)")
            }
        }
        #expect(parsed > 2000 && parsed < 18_000, "\(parsed)")
    }
}
