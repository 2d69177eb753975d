@testable import Benchmarks
import Testing

@Suite struct ReferenceTimesTests {
    private let request = ReferenceTimes.Request(.tiny, ShapeBench.Part(tokens: 13, nodes: 64, isWhole: true, watchesMemory: false), batch: 32)

    @Test func `the script is asked for the steps that we take`() {
        let arguments = request.arguments(model: "/m", set: "/s")
        #expect(arguments.prefix(2) == ["/m", "/s"] && arguments.suffix(6) == ["--nodes", "64", "--batch", "32", "--layers", "1,2"])
    }

    @Test func `its line has the times under our names, and any other is refused`() {
        let line = #"{"load": 19.9, "activations": 1.3, "intervention_1": 2.2, "attribution": 277, "features": 20798, "peak_mb": 16000}"#
        #expect(
            ReferenceTimes(line, request)?.times.map { "\($0.step) \($0.seconds)" } == [
                "start and load 19.9", "forward with activations, 13 tokens 1.3", "intervention and its diff, layer 1 2.2",
                "attribution, 64 nodes, batch 32 277.0",
            ])
        for line in ["", "Traceback", "{}", "[1]"] { #expect(ReferenceTimes(line, request) == nil) }
    }
}
