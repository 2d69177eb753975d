import Foundation
import Replacement
import TestSupport
import Transcoders
import Transformers

@testable import Workbench

extension FuzzedReader {
    /// An entry of the store of runs.
    static let storeEntry = FuzzedReader(
        "store-entry", words: ["\"checksum\"", "\"key\"", "\"tokens\"", "\"active_features\"", "\"data_offsets\"", "\"I64\""],
        written: {
            [
                try withFile([], "safetensors") { url in
                    try sample.run.write(to: url, key: "key")
                    return try [UInt8](Data(contentsOf: url))
                }
            ]
        }
    ) { bytes in
        try withFile(bytes, "safetensors") { url in
            let read = try RunArchive(reading: url, key: "key", shape: sample.shape)
            try require(read == sample.run, "another run is read")
        }
    }

    private static let sample: (run: RunArchive, shape: RunShape) = {
        let tokens = [1, 53]
        let local = try! Fixtures.replacementModel("tiny/llama3-plt-skip").localized(tokens)
        let features = RunShape.Features(perLayer: local.model.transcoders.featuresPerLayer, firstPosition: local.model.zeroedPositions)
        return (
            RunArchive(record: local.record, activations: local.activations),
            RunShape(tokens: tokens, decoder: local.model.decoder.spec, features: features)
        )
    }()
}
