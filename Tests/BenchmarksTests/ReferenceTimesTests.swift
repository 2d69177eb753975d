@testable import Benchmarks
import Testing

@Suite struct ReferenceTimesTests {
    private let request = ReferenceTimes.Request(.tiny, ShapeBench.Part(tokens: 3, nodes: 64, isWhole: true, watchesMemory: false))

    @Test func `the script is asked for the steps that we take`() {
        let tokens = Shape.tiny.tokens(3).map(String.init).joined(separator: ",")
        #expect(
            request.arguments(model: "/m", set: "/s") == [
                "/m", "/s", "--tokens", tokens, "--nodes", "64", "--batches", "256,32", "--layers", "1,2",
            ])
    }

    @Test func `its line has the times under our names, and any other is refused`() {
        let line = #"{"load": 19.9, "activations": 1.3, "intervention_1": 2.2, "attribution_32": 157, "features": 20798, "peak_mb": 16000}"#
        let times = ReferenceTimes(line, request)
        #expect(
            times?.times.map { "\($0.step) \($0.seconds)" } == [
                "start and load 19.9", "forward with activations, 3 tokens 1.3", "intervention and its diff, layer 1 2.2",
                "attribution, 64 nodes, batch 32 157.0",
            ])
        #expect(times?.features == 20798)
        for line in ["", "Traceback", "{}", "[1]"] { #expect(ReferenceTimes(line, request) == nil) }
    }
}
