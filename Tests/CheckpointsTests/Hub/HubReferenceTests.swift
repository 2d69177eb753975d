import Testing
import Checkpoints

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

    @Test func `a path is appended`() throws {
        #expect(try HubReference(parsing: "org/name@r").appending(path: "a").description == "org/name/a@r")
        #expect(try HubReference(parsing: "org/name/a@r").appending(path: "b/c").description == "org/name/a/b/c@r")
    }

    @Test(arguments: [
        ReferenceFaultCase(text: "", clause: "it names no organization and repository"),
        ReferenceFaultCase(text: "gpt2", clause: "it names no organization and repository"),
        ReferenceFaultCase(text: "hf://gpt2", clause: "it names no organization and repository"),
        ReferenceFaultCase(text: "/name", clause: "\"\" cannot be a name on the hub"),
        ReferenceFaultCase(text: "org/", clause: "\"\" cannot be a name on the hub"),
        ReferenceFaultCase(text: "../name", clause: "\"..\" cannot be a name on the hub"),
        ReferenceFaultCase(text: "org/a--b", clause: "\"a--b\" cannot be a name on the hub"),
        ReferenceFaultCase(text: "org/-a", clause: "\"-a\" cannot be a name on the hub"),
        ReferenceFaultCase(text: "org/a b", clause: "\"a b\" cannot be a name on the hub"),
        ReferenceFaultCase(text: "org/é", clause: "\"é\" cannot be a name on the hub"),
        ReferenceFaultCase(text: "org/name/../x", clause: "\"../x\" cannot be a path in a repository"),
        ReferenceFaultCase(text: "org/name/a//b", clause: "\"a//b\" cannot be a path in a repository"),
        ReferenceFaultCase(text: "org/name@", clause: "\"\" cannot be a revision"),
        ReferenceFaultCase(text: "org/name@../x", clause: "\"../x\" cannot be a revision"),
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
