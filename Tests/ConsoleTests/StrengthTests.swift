import Replacement
import TestSupport
import Testing

@testable import Console
@testable import Workbench

/// How values in units of a feature's largest activation are typed, and what is refused.
@Suite struct StrengthTests {
    private func edits(_ line: String) throws -> [FeatureValue] {
        let name = line.prefix { $0 != " " }
        let command: Command = name == "add" ? .add : name == "scale" ? .scale : .set
        return try Command.edits(Arguments(line, after: name.endIndex, for: command), of: String(name)).map(\.value)
    }

    @Test func `values may be multiples of the largest activation`() throws {
        #expect(try edits("set 0/1@2 1.5max 0/3 2x a 4") == [.ofLargest(times: 1.5, isAdded: false), .edit(.scale(2)), .edit(.set(4))])
        #expect(try edits("add 0/1@2 -0.5max") == [.ofLargest(times: -0.5, isAdded: true)])
        let error = #expect(throws: ConsoleError.self) { _ = try edits("scale 0/1@2 2max") }
        #expect(error?.message == "2max is not a number; a factor is needed here")
    }

    @Test(
        arguments: [
            ("0,1max", nil, "All values end in max, or none does: 0max,0.5max,1max"),
            ("1max", .scale, "--as scale takes plain numbers, without max"),
            ("1max,,2max", nil, "A number is missing in 1max,,2max; separate numbers with single commas"),
        ] as [(String, SweepRequest.Kind?, String)])
    func `values of a sweep that do not go together are refused`(_ text: String, _ kind: SweepRequest.Kind?, _ message: String) throws {
        let error = #expect(throws: ConsoleError.self) { _ = try word(text).strengths(kind) }
        #expect(error?.message == message)
    }

    @Test func `values of a sweep in max say so, and those of --as max are`() throws {
        #expect(try word("0max,1.5max").strengths(nil) == ([0, 1.5], true))
        #expect(try word("0,1.5").strengths(.max) == ([0, 1.5], true))
        #expect(try word("0,1.5").strengths(.add) == ([0, 1.5], false))
    }
}
