internal import ArgumentParser

/// Flags of the reference that make no sense here: accepted, so that its command lines run, and explained.
struct ReferenceOptions: ParsableArguments {
    enum ElementType: String, ExpressibleByArgument, CaseIterable { case float32, bfloat16, float16, fp32, bf16, fp16 }
    enum Offload: String, ExpressibleByArgument, CaseIterable { case cpu, disk }
    enum Backend: String, ExpressibleByArgument, CaseIterable { case transformerlens, nnsight }

    @Option(help: "Ignored: weights are read as they are stored, and computed with in float32.")
    var dtype: ElementType = .float32

    @Option(help: "Ignored: weights are mapped files, which need no offloading.")
    var offload: Offload?

    @Flag(name: [.customLong("lazy-encoder"), .customLong("lazy_encoder")], help: "Ignored: weights are mapped files, which are always lazy.")
    var lazyEncoder = false

    @Flag(name: [.customLong("lazy-decoder"), .customLong("lazy_decoder")], help: "Ignored: weights are mapped files, which are always lazy.")
    var lazyDecoder = false

    @Option(help: "Ignored: there is one engine, for all models.")
    var backend: Backend?

    /// What happens instead.
    var notices: [String] {
        var notices: [String] = []
        if dtype != .float32, dtype != .fp32 {
            notices.append("--dtype \(dtype.rawValue) changes nothing: weights are read as they are stored and computed with in float32")
        }
        if let offload {
            notices.append("--offload \(offload.rawValue) changes nothing: weights are mapped files, which the system drops when memory is short")
        }
        if lazyEncoder { notices.append("--lazy-encoder changes nothing: weights are mapped files, read as they are needed") }
        if lazyDecoder { notices.append("--lazy-decoder changes nothing: weights are mapped files, read as they are needed") }
        if let backend { notices.append("--backend \(backend.rawValue) changes nothing: there is one engine for all models") }
        return notices
    }
}
