import Foundation
import GraphFiles
import TestSupport
import Testing

@testable import Viewer

@Suite struct EntranceTests {
    private static let word = "cafe-0123456789abcdef"
    private static let cookie = ("Cookie", "circuit-tracer-8041=\(word)")
    private let example: ExampleFolder
    private let responder: Responder

    init() throws {
        example = try ExampleFolder()
        responder = Responder(
            folder: example.folder, labels: LabelStore(nil), session: nil, guards: RequestGuard(host: "127.0.0.1", token: try ViewerToken(Self.word)))
    }

    private func ask(_ target: String, _ fields: (String, String)..., method: String = "GET", host: String = "localhost:8041") async -> Response {
        let json = method == "POST" ? [("Content-Type", "application/json")] : []
        let headers = Headers(([("Host", host)] + json + fields).map { (name: $0.0, value: $0.1) })
        return await responder.respond(
            to: Request(head: RequestHead(method: method, target: target, headers: headers), body: Array("{\"qParams\": {}}".utf8)))
    }

    @Test(arguments: [
        "/", "/index.html", "/style.css", "/app.js", "/data/graph-metadata.json", "/graph_data/dallas.json", "/api/session", "/api/features/0/1?slug=dallas",
        "/nothing",
    ])
    func `everything is refused to who does not know the token`(target: String) async {
        let refused = await ask(target)
        #expect(refused.status == 403)
        #expect(
            refused.error == "This viewer needs a token. Open its address with the token, http://…/?token=…, which is printed when the viewer starts and"
                + " by `serve` in the console. Programs send the header Authorization: Bearer TOKEN.")
        #expect(!refused.text.contains(Self.word))
        #expect(await ask(target, Self.cookie).status != 403)
    }

    @Test func `changes are refused to who does not know the token`() async throws {
        let before = try example.contents()
        for target in ["/save_graph/dallas", "/save_graph/dallas?token=\(Self.word)", "/api/interventions", "/api/open", "/api/scores"] {
            #expect(await ask(target, method: "POST").status == 403)
        }
        #expect(try example.contents() == before)
        #expect(await ask("/save_graph/dallas", ("Authorization", "Bearer \(Self.word)"), method: "POST").status == 200)
    }

    @Test(arguments: [
        "Bearer \(word)", "bearer \(word)", "token \(word)", "TOKEN  \(word)",
    ])
    func `programs say it in a field`(field: String) async {
        #expect(await ask("/api/session", ("Authorization", field)).status == 200)
    }

    @Test(arguments: [
        "", word, "Basic \(word)", "Bearer", "Bearer \(word)x", "Bearer \(word.dropLast())", "Bearer \(word.uppercased())", "Bearer x\(word.dropFirst())",
        "Bearer \(word) x",
    ])
    func `what is not the token is refused`(field: String) async {
        #expect(await ask("/api/session", ("Authorization", field)).status == 403)
    }

    @Test func `the address with the token gives a cookie and leads to the address without it`() async {
        let ways = [
            ("/?token=\(Self.word)", "./"), ("/?token=\(Self.word)&slug=a%20b", "./?slug=a%20b"),
            ("/?slug=a&token=\(Self.word)&pinnedIds=1,2", "./?slug=a&pinnedIds=1,2"),
            ("/graph_data/dallas.json?token=\(Self.word)", "./dallas.json"), ("//evil.example?token=\(Self.word)", "./evil.example"),
        ]
        for (address, next) in ways {
            let answer = await ask(address)
            #expect(answer.status == 303)
            #expect(answer.field("Location") == next)
            #expect(answer.field("Set-Cookie") == "circuit-tracer-8041=\(Self.word); HttpOnly; SameSite=Strict")
            #expect(answer.field("Cache-Control") == "no-store")
            #expect(answer.body.isEmpty)
        }
        #expect(await ask("/?token=\(Self.word)", method: "HEAD").status == 303)
        #expect(await ask("/?token=wrong").status == 403)
        #expect(await ask("/?token=").status == 403)
        // An older token's address, in a browser that has been let in.
        #expect(await ask("/?token=wrong", Self.cookie).field("Location") == "./")
    }

    @Test func `an address that is none is not led on to`() async {
        #expect(await ask("/..?token=\(Self.word)").status == 400)
        #expect(await ask("/?token=\(Self.word)&token=\(Self.word)").status == 400)
    }

    @Test func `a link in another site's page or in a file is led on by a page of ours, which strict cookies take`() async {
        let link = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Accept", "text/html,*/*;q=0.8")]
        let answer = await ask("/?token=\(Self.word)&slug=a", link[0], link[1], link[2])
        #expect(answer.status == 200 && answer.field("Location") == nil)
        #expect(answer.field("Refresh") == "0; url=./?slug=a")
        #expect(answer.field("Set-Cookie")?.hasPrefix("circuit-tracer-8041=\(Self.word);") == true)
        let stranger = await ask("/?slug=a", link[0], link[1], link[2])
        #expect(stranger.status == 403 && stranger.text.contains("<a href=\"\">"))
    }

    @Test func `a browser is shown a page`() async {
        let answer = await ask("/", ("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"))
        #expect(answer.status == 403)
        #expect(answer.field("Content-Type") == "text/html; charset=utf-8")
        #expect(answer.text.contains("<p>This viewer needs a token. Open its address with the token"))
    }

    @Test func `viewers on two ports of a machine have two cookies`() async {
        #expect(await ask("/", ("Cookie", "a=b; circuit-tracer-8042=other;circuit-tracer-8041=\(Self.word)")).status == 200)
        #expect(await ask("/", ("Cookie", "a=b"), Self.cookie).status == 200)
        #expect(await ask("/", ("Cookie", "circuit-tracer-8042=\(Self.word)")).status == 403)
        #expect(await ask("/", ("Cookie", "circuit-tracer-8041")).status == 403)
        // A port that is forwarded to this one, and a proxy's own.
        let forwarded = await ask("/?token=\(Self.word)", host: "localhost:9000")
        #expect(forwarded.field("Set-Cookie")?.hasPrefix("circuit-tracer-9000=") == true)
        #expect(await ask("/?token=\(Self.word)", host: "localhost").field("Set-Cookie")?.hasPrefix("circuit-tracer=") == true)
    }

    @Test func `without a token everybody is let in`() async {
        let open = Responder(folder: example.folder, labels: LabelStore(nil), session: nil, guards: RequestGuard(host: "127.0.0.1", token: nil))
        let head = RequestHead(method: "GET", target: "/?token=\(Self.word)", headers: Headers([(name: "Host", value: "localhost")]))
        let answer = await open.respond(to: Request(head: head, body: []))
        #expect(answer.status == 200 && answer.field("Set-Cookie") == nil)
    }
}

@Suite struct ViewerTokenTests {
    @Test func `a random one is another each time, and long`() {
        let tokens = (0..<100).map { _ in ViewerToken.random().text }
        #expect(Set(tokens).count == 100)
        #expect(tokens.allSatisfy { $0.count == 48 && $0.allSatisfy(\.isHexDigit) })
    }

    @Test(arguments: ["", "a b", "a&b", "a=b", "a;b", "a%20", "a\"", "é", "a\n", "a/b", "a+b", String(repeating: "a", count: 129)])
    func `what an address or a cookie would change is not a token`(word: String) {
        let error = #expect(throws: ViewServerError.token) { try ViewerToken(word) }
        #expect(word.isEmpty || error?.description.contains("\(word)\"") == false)
    }

    @Test(arguments: ["a", "Az09-._~", String(repeating: "a", count: 128)]) func `other words are`(word: String) throws {
        #expect(try ViewerToken(word).matches(word))
    }
}

@Suite struct LaunchPageTests {
    @Test func `the address is where only this user can read it`() throws {
        let folder = try ExampleFolder().temporary
        let page = try LaunchPage(to: "http://localhost:8041/?token=x&slug=\"<a>", in: folder.url)
        let permissions = try FileManager.default.attributesOfItem(atPath: page.file.path)[.posixPermissions]
        #expect(permissions as? Int == 0o600)
        #expect(try String(contentsOf: page.file, encoding: .utf8).contains("0; url=http://localhost:8041/?token=x&amp;slug=&quot;&lt;a>\""))
        // What a killed process left goes with the next one.
        let left = folder.url.appending(path: "circuit-tracer-launch-\(Int32.max)-1.html")
        try Data().write(to: left)
        try LaunchPage(to: "x", in: folder.url).remove()
        #expect(!FileManager.default.fileExists(atPath: left.path) && FileManager.default.fileExists(atPath: page.file.path))
        page.remove()
        #expect(!FileManager.default.fileExists(atPath: page.file.path))
        #expect(throws: POSIXError.self) { try LaunchPage(to: "x", in: folder.url.appending(path: "gone")) }
    }
}
