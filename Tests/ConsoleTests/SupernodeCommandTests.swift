import Graphs
import Replacement
import TestSupport
import Testing

@testable import Console
@testable import Workbench

/// How `super` and `do` are typed.
@Suite struct SupernodeCommandTests {
    private func steps(_ line: String) throws -> [ExperimentStep] {
        try Command.experimentSteps(Arguments(line, after: line.index(line.startIndex, offsetBy: 2), for: .do))
    }

    @Test func `the steps of an experiment are between commas`() throws {
        let steps = try steps(
            #"do Texas -2x, "say a capital" 2x from "The capital, of California is" @" is" replacing Texas, top(3,@9) from "P", 3/4@2 2.5"#)
        #expect(steps.map { "\($0.set)" } == ["Texas", #""say a capital""#, "top(3,@9)", "3/4@2"])
        #expect(steps.map(\.edit) == [.scale(-2), .scale(2), nil, .set(2.5)])
        #expect(steps.map(\.origin?.prompt) == [nil, "The capital, of California is", "P", nil])
        #expect(steps.map(\.origin?.positions) == [nil, .at(.token(" is")), nil, nil] && steps.map(\.replaced) == [nil, "Texas", nil, nil])
    }

    @Test func `a comma may be a word of its own, and stand at the end`() throws {
        #expect(try steps("do a 0 , b 1,").map { "\($0.set)" } == ["a", "b"])
        #expect(try steps(#"do a 0 from "P", b 1"#).map(\.edit) == [.set(0), .set(1)])
    }

    @Test func `a step may say where its features are set`() throws {
        let steps = try steps(#"do French at @1: 0, "say a" at @" is" 2x from "P" @3 replacing French, Texas at @-1 from "P""#)
        #expect(steps.map { "\($0.set)" } == ["French", #""say a""#, "Texas"] && steps.map(\.edit) == [.set(0), .scale(2), nil])
        #expect(steps.map(\.positions) == [.from(.index(1)), .at(.token(" is")), .at(.index(-1))])
        #expect(steps.map(\.origin?.prompt) == [nil, "P", "P"] && steps.map(\.origin?.positions) == [nil, .at(.index(3)), nil])
        #expect(try self.steps("do Texas 0").map(\.positions) == [nil])
    }

    @Test func `a step may set its features in units of their largest activations`() throws {
        let steps = try steps(#"do a 1.5max, b at @1: -2max from "P", c 2x"#)
        #expect(steps.map(\.timesLargest) == [1.5, -2, nil] && steps.map(\.edit) == [nil, nil, .scale(2)])
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        let line: String
        let message: String
        var testDescription: String { line }
    }

    @Test(arguments: [
        Mistake(line: "do Texas", message: "do needs a value after Texas, such as -2x or 0"),
        Mistake(line: "do Texas 0 California 1", message: "California is not part of what can be done with Texas"),
        Mistake(line: "do Texas = 0", message: "do takes the value after the set, without ="),
        Mistake(line: "do Texas=0", message: "do takes the value after the set, without ="),
        Mistake(line: "do Texas 0, , b 1", message: "A set of features should follow"),
        Mistake(line: "do Texas from P", message: "A prompt is written in double quotes here"),
        Mistake(line: "do Texas 0 replacing", message: "The name of a supernode should follow"),
        Mistake(line: "do Texas at", message: "Positions such as @9 or @1: should follow"),
        Mistake(line: "do Texas at @1:", message: "do needs a value after Texas, such as -2x or 0"),
        Mistake(line: "do Texas 1..5max", message: "1..5max is not a multiple of the largest activation, such as 1.5max"),
        Mistake(line: "do Texas 0 at @1:", message: "at is not part of what can be done with Texas"),
    ])
    func `what is wrong with a step is said`(_ test: Mistake) {
        do {
            _ = try steps(test.line)
            Issue.record("it was read")
        } catch { #expect((error as? ConsoleError)?.message == test.message) }
    }

    @Test(arguments: [
        ("do Texas = 0, b=-2x", "do Texas 0, b -2x"), ("set 3/412@9 =12.5", "set 3/412@9 12.5"), ("scale top(2)= 2", "scale top(2) 2"),
    ]) func `where there is an equals sign, what to type is said`(_ line: String, _ typed: String) throws {
        let name = String(line.prefix { $0 != " " })
        let arguments = try Arguments(line, after: TypedLine.name(in: line)!.upperBound, for: CommandTable.standard.command(named: name, at: nil))
        do {
            if name == "do" { _ = try Command.experimentSteps(arguments) } else { _ = try Command.edits(arguments, of: name) }
            Issue.record("it was read")
        } catch { #expect((error as? ConsoleError)?.advice == "type: \(typed)") }
    }

    @Test(arguments: [
        Mistake(line: "super Texas", message: "=, +=, -= or -> should follow the name"),
        Mistake(line: "super delete", message: "super delete needs the name of a supernode"),
        Mistake(line: "super rename Texas", message: "super rename needs a new name"),
        Mistake(line: "super = 0/1@2", message: "A name should come before ="),
        Mistake(line: "super Texas 0/1@2", message: "=, +=, -= or -> should follow the name"),
        Mistake(line: #"super "" = 0/1@2"#, message: "A name needs at least one character"),
        Mistake(line: "super top = 0/1@2", message: "top is a word of the console; choose another name"),
        Mistake(line: "super Texas =", message: "A set of features should follow"),
        Mistake(line: "super delete Texas now", message: "super delete is complete before now"),
    ])
    func `what is wrong with a supernode is said`(_ test: Mistake) async throws {
        let session = Session(environment: SessionEnvironment(hub: Fixtures.hub, bundled: nil, cache: nil, home: "/nowhere"))
        do {
            let arguments = try Arguments(test.line, after: test.line.index(test.line.startIndex, offsetBy: 5), for: .super)
            _ = try await Command.changeSupernode(arguments, in: session)
            Issue.record("it was done")
        } catch { #expect((error as? ConsoleError)?.message == test.message) }
    }
}
