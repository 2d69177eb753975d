internal import Checkpoints
package import Foundation
package import Graphs
internal import JSON

/// Writes evidence for the public front-end, as a bundle or as loose files.
package enum EvidenceWriter {
    /// Writes `layer_N.bin` and `index.json.gz` into a folder, all or none. Each file is complete beside its place before the first takes it.
    ///
    /// - Parameters:
    ///   - features: those that have evidence, in any order; no record is written of others.
    ///   - counts: the number of features in each layer that the bundle is to have.
    ///   - evidence: of one of `features`; nil leaves it out. Asked in ascending order.
    /// - Returns: how many records were written.
    /// - Throws: what `evidence` throws, also to stop; `EvidenceError.noRecords`; `CheckpointError`.
    package static func bundle(
        of features: [FeatureID], counts: [Int: Int], to folder: URL, evidence: (FeatureID) throws -> FeatureEvidence?
    ) throws -> Int {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let byLayer = Dictionary(grouping: features, by: \.layer)
        var written = 0
        return try withoutActuallyEscaping(evidence) { evidence in
            var offsets: [Int: [Int]] = [:]
            let layers = counts.keys.sorted().map { layer in
                AtomicFile.Part(url: folder.appending(path: fileName(layer))) { url in
                    let indices = Set((byLayer[layer] ?? []).map(\.index))
                    let (ends, count) = try records(layer: layer, indices, of: counts[layer]!, to: url, evidence)
                    offsets[layer] = ends
                    written += count
                }
            }
            let index = AtomicFile.Part(url: folder.appending(path: EvidenceBundle.indexName)) { url in
                guard written > 0 else { throw EvidenceError.noRecords }
                try AtomicFile.write(Self.index(offsets).deflated(.gzip), to: url)
            }
            try AtomicFile.write(layers + [index])
            return written
        }
    }

    private static func fileName(_ layer: Int) -> String { "layer_\(layer).bin" }

    /// Writes a layer's records.
    /// - Returns: the offsets where records begin, and where the last ends; the number of records.
    private static func records(
        layer: Int, _ indices: Set<Int>, of count: Int, to url: URL, _ evidence: (FeatureID) throws -> FeatureEvidence?
    ) throws -> (offsets: [Int], count: Int) {
        guard FileManager.default.createFile(atPath: url.path, contents: nil) else { throw CheckpointError.unwritable(file: url, reason: .last) }
        let file = try FileHandle(forWritingTo: url)
        defer { try? file.close() }
        var (offsets, written) = ([0], 0)
        offsets.reserveCapacity(count + 1)
        for index in 0..<count {
            var end = offsets[index]
            if indices.contains(index), let evidence = try evidence(FeatureID(layer: layer, index: index)) {
                let record = evidence.json.deflated(.zlib)
                var length = UInt32(record.count).littleEndian
                try file.write(contentsOf: withUnsafeBytes(of: &length) { Data($0) } + Data(record))
                end += 4 + record.count
                written += 1
            }
            offsets.append(end)
        }
        try file.synchronize()
        return (offsets, written)
    }

    private static func index(_ offsets: [Int: [Int]]) -> [UInt8] {
        var writer = JSONWriter(layout: .compact)
        writer.object { writer in
            for (layer, offsets) in offsets.sorted(by: { $0.key < $1.key }) {
                writer.key("\(layer)")
                writer.object { writer in
                    writer.key("filename")
                    writer.string(fileName(layer))
                    writer.key("offsets")
                    writer.integers(offsets)
                }
            }
        }
        return writer.bytes
    }

    /// Writes `features/SCAN/NUMBER.json` into the folder of graphs.
    ///
    /// - Throws: `EvidenceError.scan` for a name that cannot be a path; `CheckpointError`.
    package static func loose(_ evidence: FeatureEvidence, scan: String, to folder: URL) throws {
        guard let loose = LooseEvidence(folder: folder, scan: scan), let number = evidence.feature.cantorNumber else { throw EvidenceError.scan(scan) }
        try FileManager.default.createDirectory(at: loose.place, withIntermediateDirectories: true)
        try AtomicFile.write(evidence.json, to: loose.place.appending(path: "\(number).json"))
    }
}
