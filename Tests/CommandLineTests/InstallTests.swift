import Foundation
import TestSupport
import Testing

@testable import circuit_tracer

/// What `make install` puts where, with the built program in the place of the one that it would build.
@Suite(.ownThreads) struct InstallTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func make(_ arguments: String, variables: [String: String] = [:]) throws -> Program {
        try Program(
            shell: "umask 077; make -s \(arguments)", in: Fixtures.root,
            variables: variables.merging(["DESTDIR": "", "F": folder.url.path, "MAKEFLAGS": "", "MFLAGS": "", "MAKELEVEL": ""]) { $1 })
    }

    /// The files in a folder, by their paths in it.
    private func files(in path: String) throws -> Set<String> {
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder[path].path)
        return Set(
            names.filter {
                (try? FileManager.default.attributesOfItem(atPath: folder[path].appending(path: $0).path)[.type]) as? FileAttributeType != .typeDirectory
            })
    }

    @Test func `all of it lies in its place, works there, and goes again without touching what others have put beside it`() throws {
        let staged = try make(#"stage -o static STAGE="$F/stage" STAGED_PROGRAM="$CT" CHECKOUTS=.build/checkouts"#)
        #expect(staged.status == 0 && staged.errors == "")
        let all = try files(in: "stage")
        let isOfAtlas = { (name: String) in name.hasPrefix("share/circuit-tracer/atlas/") }
        let isLicence = { (name: String) in name.hasPrefix("share/circuit-tracer/licenses/") }
        #expect(
            Set(all.filter { !isOfAtlas($0) && !isLicence($0) }) == [
                "bin/circuit-tracer", "share/man/man1/circuit-tracer.1", "share/bash-completion/completions/circuit-tracer",
                "share/zsh/site-functions/_circuit-tracer", "share/fish/vendor_completions.d/circuit-tracer.fish",
            ])
        #expect(
            Set(all.filter(isLicence).map { String($0.dropFirst("share/circuit-tracer/licenses/".count)) }).isSuperset(of: [
                "LICENSE", "GPL-3.0.txt", "Swift.txt", "ICU.txt", "libyaml.txt", "Yams-LICENSE", "swift-argument-parser-LICENSE.txt",
                "swift-nio-LICENSE.txt", "swift-nio-NOTICE.txt", "swift-nio-Sources-CNIOLLHTTP-LICENSE",
            ]))

        try folder.write("other\n", to: "root/usr/bin/other")
        try folder.write("other\n", to: "root/usr/share/man/man1/other.1")
        let others = try files(in: "root/usr")
        let installed = try make(#"install -o stage STAGE="$F/stage" DESTDIR="$F/root" PREFIX=/usr"#)
        #expect(installed.status == 0 && installed.output == "Installed in \(folder["root"].path)/usr.\n")
        #expect(try files(in: "root/usr") == all.union(others))
        // Its own model, not that of the sources.
        let inspected = try Program(shell: #""$F/root/usr/bin/circuit-tracer" -c 'format json' -c 'load atlas' -c status"#, variables: ["F": folder.url.path])
        #expect(inspected.status == 0 && inspected.output.contains(#""folder":"\#(folder["root/usr/share/circuit-tracer/atlas/model"].path)""#))

        #expect(try make(#"uninstall DESTDIR="$F/root" PREFIX=/usr"#).status == 0)
        #expect(try files(in: "root/usr") == others)
    }

    @Test func `everybody can read what was installed, wherever the prefix is`() throws {
        try folder.write("program\n", to: "stage/bin/circuit-tracer")
        try folder.write("page\n", to: "stage/share/man/man1/circuit-tracer.1")
        let installed = try make(#"install -o stage STAGE="$F/stage" PREFIX='~/my programs'"#, variables: ["HOME": folder["home"].path])
        #expect(installed.status == 0 && installed.output == "Installed in \(folder["home"].path)/my programs.\n", "\(installed.errors)")
        for (name, mode) in [("bin", 0o755), ("bin/circuit-tracer", 0o755), ("share/man/man1", 0o755), ("share/man/man1/circuit-tracer.1", 0o644)] {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder["home/my programs/\(name)"].path)
            #expect(attributes[.posixPermissions] as? Int == mode, "\(name)")
        }
    }

    @Test func `the page on installing and the tarball's own name the same packages`() throws {
        func packages(_ path: String) throws -> [Substring] {
            let lines = try String(contentsOf: Fixtures.root.appending(path: path), encoding: .utf8).split(separator: "\n")
            return lines.filter { $0.contains("apt-get install libopenblas0 ") }.map { $0.drop { $0 == " " } }
        }
        let named = try packages("Tools/tarball/README")
        #expect(try named.count == 1 && named == packages("docs/install.md"))
    }
}
