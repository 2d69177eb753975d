import Testing
import Checkpoints
import Tensors

struct ReferenceCase: Sendable, CustomTestStringConvertible {
    let text: String
    let repository: String
    var path: String?
    var revision: String?
    var testDescription: String { text }
}

struct ReferenceFaultCase: Sendable, CustomTestStringConvertible {
    let text: String
    let clause: String
    var testDescription: String { text }
}

@Suite struct HubReferenceTests {
    @Test(arguments: [
        ReferenceCase(text: "org/name", repository: "org/name"),
        ReferenceCase(text: "google/gemma-2-2b", repository: "google/gemma-2-2b"),
        ReferenceCase(text: "org/name@v1.0", repository: "org/name", revision: "v1.0"),
        ReferenceCase(text: "org/name@refs/pr/1", repository: "org/name", revision: "refs/pr/1"),
        ReferenceCase(text: "org/name/sub/folder", repository: "org/name", path: "sub/folder"),
        ReferenceCase(text: "org/name/sub/folder/", repository: "org/name", path: "sub/folder"),
        ReferenceCase(text: "org/name//sub/folder@rev", repository: "org/name", path: "sub/folder", revision: "rev"),
        ReferenceCase(text: "gpt2", repository: "gpt2"),
        ReferenceCase(text: "gpt2@v1", repository: "gpt2", revision: "v1"),
        ReferenceCase(text: "gemma", repository: "mntss/gemma-scope-transcoders"),
        ReferenceCase(text: "llama@main", repository: "mntss/transcoder-Llama-3.2-1B", revision: "main"),
        ReferenceCase(text: "gemma/name", repository: "gemma/name"),
        ReferenceCase(text: "hf://gpt2?revision=v1", repository: "gpt2", revision: "v1"),
        ReferenceCase(text: "hf://org/name", repository: "org/name"),
        ReferenceCase(text: "hf://org/name/path/file.npz", repository: "org/name", path: "path/file.npz"),
        ReferenceCase(
            text: "hf://org/name/path/file@2.npz?revision=a/b", repository: "org/name", path: "path/file@2.npz", revision: "a/b"),
    ])
    func `a reference is taken apart`(_ expected: ReferenceCase) throws {
        let reference = try HubReference(parsing: expected.text)
        #expect(reference.repository == expected.repository)
        #expect(reference.path == expected.path)
        #expect(reference.revision == expected.revision)
    }

    @Test(arguments: ["org/name", "org/name@main", "org/name/a/b", "org/name/a/b@refs/pr/1"])
    func `a reference is written as it was read`(_ text: String) throws {
        #expect(try HubReference(parsing: text).description == text)
    }

    @Test func `any text is refused or names a place in the cache that its own spelling names again`() throws {
        let pieces = [
            "org", "name", "/", "//", "@", "..", ".", "~", "hf://", "?revision=", "gemma", "--", "é", "\0", "\\", " ", "a",
        ]
        var random = RandomBits(seed: 11)
        var parsed = 0
        for _ in 0..<5000 {
            let text = (0..<Int.random(in: 0...8, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
            guard let reference = try? HubReference(parsing: text) else { continue }
            parsed += 1
            let places = [reference.repository, reference.path, reference.revision].compactMap(\.self)
            #expect(places.allSatisfy { HubReference.isPath($0) }, "\(text)")
            // Only an address can have an @ in its path.
            if reference.path?.contains("@") != true, reference.path?.contains("?") != true {
                #expect(try HubReference(parsing: reference.description) == reference, "\(text)")
            }
        }
        #expect(parsed > 100)
    }

    @Test func `a path is appended`() throws {
        #expect(try HubReference(parsing: "org/name@r").appending(path: "a").description == "org/name/a@r")
        #expect(try HubReference(parsing: "org/name/a@r").appending(path: "b/c").description == "org/name/a/b/c@r")
    }

    @Test func `another revision of the same place`() throws {
        #expect(try HubReference(parsing: "org/name/a@v1").at(revision: "refs/pr/1").description == "org/name/a@refs/pr/1")
        #expect(throws: CheckpointError.self) { try HubReference(parsing: "org/name").at(revision: "a/../b") }
        #expect(try HubReference(parsing: "org/name/a@v1").whole.description == "org/name@v1")
    }

    @Test func `a repository with an organization is told from a single word`() throws {
        #expect(try HubReference(parsing: "gemma").hasOrganization)
        #expect(try !HubReference(parsing: "gpt2").hasOrganization)
    }

    @Test(arguments: [
        ReferenceFaultCase(text: "", clause: "it names no repository"),
        ReferenceFaultCase(text: "@main", clause: "it names no repository"),
        ReferenceFaultCase(text: "hf://", clause: "it names no repository"),
        ReferenceFaultCase(text: "~", clause: "\"~\" is not a valid name on the hub"),
        ReferenceFaultCase(text: "/name", clause: "\"\" is not a valid name on the hub"),
        ReferenceFaultCase(text: "org/", clause: "\"\" is not a valid name on the hub"),
        ReferenceFaultCase(text: "../name", clause: "\"..\" is not a valid name on the hub"),
        ReferenceFaultCase(text: "org/a--b", clause: "\"a--b\" is not a valid name on the hub"),
        ReferenceFaultCase(text: "org/-a", clause: "\"-a\" is not a valid name on the hub"),
        ReferenceFaultCase(text: "org/a b", clause: "\"a b\" is not a valid name on the hub"),
        ReferenceFaultCase(text: "org/é", clause: "\"é\" is not a valid name on the hub"),
        ReferenceFaultCase(text: "org/name/../x", clause: "\"../x\" is not a valid path in a repository"),
        ReferenceFaultCase(text: "org/name/a//b", clause: "\"a//b\" is not a valid path in a repository"),
        ReferenceFaultCase(text: "org/name@", clause: "\"\" is not a valid revision"),
        ReferenceFaultCase(text: "org/name@../x", clause: "\"../x\" is not a valid revision"),
        ReferenceFaultCase(text: "hf://org/name?branch=x", clause: "\"branch=x\" is not revision=..."),
    ])
    func `what names nothing is refused`(_ fault: ReferenceFaultCase) {
        let error = #expect(throws: CheckpointError.self) { try HubReference(parsing: fault.text) }
        #expect(
            error?.description
                == "\(fault.text.debugDescription) is not a reference: \(fault.clause)."
                + " Write org/name, org/name/folder, org/name@revision or hf://org/name/file?revision=revision.")
    }
}
