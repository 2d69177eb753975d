import Foundation
import TestSupport
import Testing

@testable import Viewer

/// The page as whoever works on it has it served: from a folder.
@Suite struct PageFolderTests {
    private let folder: TemporaryFolder
    private let example: ExampleFolder
    private let client: Client

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("<p>mine</p>", to: "web/index.html")
        try folder.write("let mine = 1", to: "web/app.js")
        try folder.write("let secret = 1", to: "secret.js")
        example = try ExampleFolder()
        client = Client(example.folder, page: try Page(folder: folder["web"]))
    }

    @Test func `a file is served as it lies there, also after it has changed`() async throws {
        let page = await client.get("/")
        #expect(page.status == 200 && page.text == "<p>mine</p>" && page.field("Content-Type") == "text/html; charset=utf-8")
        let script = await client.get("/app.js")
        #expect(script.text == "let mine = 1")
        try folder.write("let mine = 2", to: "web/app.js")
        let changed = await client.get("/app.js", ("If-None-Match", try #require(script.field("ETag"))))
        #expect(changed.status == 200 && changed.text == "let mine = 2")
        // What the binary carries is not mixed in.
        #expect(await client.get("/style.css").status == 404)
        #expect(await client.get("/data/graph-metadata.json").status == 200)
    }

    @Test func `nothing that lies elsewhere is served, and nothing of another kind`() async throws {
        try FileManager.default.createSymbolicLink(at: folder["web/link.js"], withDestinationURL: folder["secret.js"])
        try FileManager.default.createSymbolicLink(at: folder["web/folder.js"], withDestinationURL: folder.url)
        try FileManager.default.createDirectory(at: folder["web/deep.js"], withIntermediateDirectories: false)
        try folder.write("let deep = 1", to: "web/deep/a.js")
        try folder.write("# notes", to: "web/notes.md")
        #expect(mkfifo(folder["web/pipe.js"].path, 0o600) == 0)
        for target in ["/link.js", "/folder.js", "/folder.js/secret.js", "/deep.js", "/deep/a.js", "/notes.md", "/pipe.js", "/web/app.js", "/none.js"] {
            #expect(await client.get(target).status == 404, "\(target)")
        }
        for target in ["/../secret.js", "/..%2fsecret.js", "/%2e%2e/secret.js"] {
            #expect(await client.get(target).status == 400, "\(target)")
        }
    }

    @Test func `who does not know the token is not let in`() async {
        for target in ["/", "/app.js", "/none.js"] {
            let head = RequestHead(method: "GET", target: target, headers: Headers([(name: "Host", value: "localhost:8041")]))
            let answer = await client.responder.respond(to: Request(head: head, body: []))
            #expect(answer.status == 403 && !answer.text.contains("mine"), "\(target)")
        }
    }

    @Test func `a folder without a page is refused`() throws {
        let empty = folder.url
        let error = #expect(throws: ViewServerError.page(empty)) { try Page(folder: empty) }
        #expect(error?.description == "\(empty.path) has no readable index.html, but CIRCUIT_TRACER_WEB names it as the folder of the page.")
    }
}
