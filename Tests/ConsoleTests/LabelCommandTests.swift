import TestSupport
import Testing

@testable import Console
@testable import Workbench

/// How `label`, `labels` and `suggest` are typed.
@Suite struct LabelCommandTests {
    /// What commands say in turn, and the first error.
    private func run(_ lines: String...) async throws -> (outputs: [String], error: String?) {
        let session = Session(environment: SessionEnvironment(hub: Fixtures.hub, bundled: nil, cache: nil, home: "/nowhere"))
        _ = try await session.load(model: nil, transcoders: "tiny/llama3-plt-skip")
        _ = try await session.setPrompt("The capital of the state")
        var outputs: [String] = []
        for line in lines {
            do {
                let command = try CommandTable.standard.command(named: String(line.prefix { $0 != " " }), at: nil)
                guard case .session(let action) = command.action else { continue }
                let arguments = try Arguments(line, after: line.index(line.startIndex, offsetBy: command.name.count), for: command)
                let output = try await action(arguments, CommandContext(session: session, viewer: nil, progress: { _ in }))
                outputs.append(output.rendered(as: .table, command: command.name).raw)
            } catch {
                return (outputs, (error as? ConsoleError)?.message ?? "\(error)")
            }
        }
        return (outputs, nil)
    }

    @Test func `features are labelled, listed and unlabelled`() async throws {
        let (outputs, error) = try await run(#"label 0/1 "two words""#, "label 0/2 word", "labels", "label delete 0/1", "labels")
        #expect(error == nil)
        #expect(
            outputs == [
                "feature  label\n0/1      two words\n", "feature  label\n0/2      word\n", "feature  label\n0/1      two words\n0/2      word\n",
                "1 label removed\n", "feature  label\n0/2      word\n",
            ])
    }

    @Test func `a label may be typed as a suggestion, which does not replace a person's`() async throws {
        let (outputs, error) = try await run(#"label 0/2 mine"#, #"label 0/1 "maybe" suggested"#, #"label 0/2 "too" suggested"#, "labels")
        #expect(error == nil)
        #expect(outputs.last == "feature  label\n0/1      (maybe)\n0/2      mine\n")
    }

    @Test(arguments: [
        ("label", #"label needs features and a text"#), ("label 0/1", "label needs a text after the features"),
        ("label 0/1 two words", "A label of several words is written in double quotes"),
        ("label 0/1 three more words", "A label of several words is written in double quotes"),
        (#"label unknown "text""#, "There is no set or supernode called unknown. `let unknown = SET` makes a set, `super unknown = SET` a supernode."),
        ("label delete", "A set of features should follow"), ("label accept", "There are no suggested labels of this set."),
        ("labels import", "labels import needs a file"), ("labels export a b", "labels export is complete before b"),
        ("suggest names", "names is not one of labels"),
        ("suggest labels unknown", "There is no set or supernode called unknown. `let unknown = SET` makes a set, `super unknown = SET` a supernode."),
    ])
    func `what is wrong is said`(_ line: String, _ message: String) async throws {
        #expect(try await run(line).error == message)
    }
}
