import Foundation
import Testing

@testable import Viewer

private let web = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources/Viewer/Web").standardized

@Suite struct PageTests {
    @Test func `the binary carries every file of the page as it is`() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: web.path).filter { !$0.hasPrefix(".") }
        #expect(Set(Page.embeddedFiles.keys) == Set(names))
        for name in names {
            #expect(Page.embeddedFiles[name]?.bytes == Array(try Data(contentsOf: web.appending(path: name))), "\(name)")
        }
    }

    @Test func `the page is at the root, and nothing lies deeper`() {
        #expect(Page.embedded.file(at: [])?.mediaType == "text/html; charset=utf-8")
        #expect(Page.embedded.file(at: ["style.css"])?.mediaType == "text/css; charset=utf-8")
        #expect(Page.embedded.file(at: ["api.js"])?.mediaType == "text/javascript; charset=utf-8")
        #expect(Page.embedded.file(at: ["nothing.js"])?.bytes == nil)
        #expect(Page.embedded.file(at: ["Web", "index.html"])?.bytes == nil)
    }

    @Test func `the page asks nothing of other places and has no script or style of its own`() throws {
        for (name, file) in Page.embeddedFiles {
            let text = String(decoding: file.bytes, as: UTF8.self)
            // Names of XML vocabularies are no addresses.
            let others = text.replacing("http://www.w3.org/", with: "").ranges(of: /https?:\/\/(?!localhost)/)
            #expect(others.isEmpty, "\(name)")
            guard name.hasSuffix(".html") else { continue }
            #expect(text.ranges(of: /<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=/).isEmpty, "\(name)")
        }
    }

    @Test func `names of contents differ`() {
        let tags = Page.embeddedFiles.values.map(\.tag)
        #expect(Set(tags).count == tags.count)
    }
}
