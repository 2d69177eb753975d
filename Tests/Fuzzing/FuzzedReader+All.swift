extension FuzzedReader {
    /// Everything that reads what others may have written.
    package static let all: [FuzzedReader] = [
        .safetensors, .npz, .zip, .pickle, .graph, .graphJSON, .address, .config, .yaml, .tokenizer, .pattern, .transcript, .line, .session, .request,
        .storeEntry, .deflated, .evidence, .bundle, .labels,
    ]
}
