internal import Checkpoints
package import Foundation
package import Graphs
internal import JSON
internal import Synchronization

/// Evidence as public transcoder sets carry it: `index.json.gz`, and for each layer a file of one compressed record a feature.
///
/// The index is read at the first question. Records are copied, not mapped, so that a file that is shortened meanwhile is an error and not the
/// end of the process.
package final class EvidenceBundle: EvidenceSource {
    package static let indexName = "index.json.gz"

    /// The folder with the index.
    package let place: URL
    private let index = Mutex<Result<[Int: Layer], any Error>?>(nil)

    /// Where the records of one layer are.
    private struct Layer {
        let file: URL
        /// Byte offsets: record `i` is between elements `i` and `i + 1`.
        let offsets: [Int]
    }

    /// Of the largest public set, with six million features, the index inflates to half of this.
    private static let indexLimit = 1 << 27
    private static let offsetLimit = 12_000_000
    /// Far more layers than any model has.
    private static let layerLimit = 1 << 12

    package init(folder: URL) { place = folder }

    package func evidence(for feature: FeatureID) throws -> FeatureEvidence? {
        guard let layer = try layers()[feature.layer], feature.index >= 0, feature.index + 1 < layer.offsets.count else { return nil }
        let (start, end) = (layer.offsets[feature.index], layer.offsets[feature.index + 1])
        guard start < end else { return nil }
        let json = try Self.record(feature, at: start..<end, of: layer.file)
        do throws(JSONFault) {
            return try FeatureEvidence(feature, parsing: json)
        } catch {
            throw EvidenceError.notJSON(file: layer.file, feature: feature, fault: error)
        }
    }

    /// The layers with their numbers of features.
    /// - Throws: `EvidenceError`, `CheckpointError`.
    package func featureCounts() throws -> [Int: Int] { try layers().mapValues { max($0.offsets.count - 1, 0) } }

    /// A record's contents, inflated.
    private static func record(_ feature: FeatureID, at range: Range<Int>, of file: URL) throws -> [UInt8] {
        let header = 4
        // A record as long as its contents may be is not compressed at all, so nothing is lost by reading no more.
        let read = range.prefix(LooseEvidence.recordLimit)
        let (bytes, byteCount) = try PlainFile.bytes(of: file, in: read)
        guard bytes.count == read.count else { throw EvidenceError.pastEnd(file: file, feature: feature, end: range.upperBound, byteCount: byteCount) }
        guard bytes.count >= header else { throw EvidenceError.length(file: file, feature: feature, length: header, room: bytes.count) }
        let length = bytes.prefix(header).reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length <= bytes.count - header else {
            throw EvidenceError.length(file: file, feature: feature, length: length, room: range.count - header)
        }
        do throws(InflationFault) {
            return try Array(bytes[header..<header + length]).inflated(limit: LooseEvidence.recordLimit)
        } catch {
            throw EvidenceError.record(file: file, feature: feature, fault: error)
        }
    }

    // MARK: The index

    private func layers() throws -> [Int: Layer] {
        try index.withLock { index in
            if let index { return try index.get() }
            let read = Result { try readIndex() }
            index = read
            return try read.get()
        }
    }

    private func readIndex() throws -> [Int: Layer] {
        let file = place.appending(path: Self.indexName)
        let compressed = try PlainFile.bytes(of: file, limit: Self.indexLimit)
        let bytes: [UInt8]
        do throws(InflationFault) {
            bytes = try compressed.inflated(limit: Self.indexLimit)
        } catch {
            throw EvidenceError.index(file: file, fault: error)
        }
        let document: JSONDocument
        do throws(JSONFault) {
            document = try JSONDocument(bytes, valueLimit: Self.offsetLimit)
        } catch {
            throw CheckpointError.notJSON(file: file, fault: error)
        }
        return try Self.layers(document, of: file)
    }

    /// The document's layers: members by number, or a list in which null is a layer without evidence.
    private static func layers(_ document: JSONDocument, of file: URL) throws -> [Int: Layer] {
        var layers: [Int: Layer] = [:]
        switch document.kind(of: 0) {
        case .object:
            let children = Array(document.children(of: 0))
            for place in stride(from: 0, to: children.count, by: 2) {
                let key = String(decoding: document.string(children[place]) ?? [], as: UTF8.self)
                guard let number = Int(key), (0..<layerLimit).contains(number) else { throw EvidenceError.layer(file: file, key: key) }
                layers[number] = try layer(number, document, children[place + 1], of: file)
            }
        case .array:
            for (number, node) in document.children(of: 0).enumerated() where document.kind(of: node) != .null {
                guard number < layerLimit else { throw EvidenceError.layer(file: file, key: "\(number)") }
                layers[number] = try layer(number, document, node, of: file)
            }
        case let kind:
            throw CheckpointError.keyType(file: file, key: "the document", expected: "an object or a list of layers", found: "\(kind)")
        }
        return layers
    }

    private static func layer(_ number: Int, _ document: JSONDocument, _ node: Int, of file: URL) throws -> Layer {
        guard document.kind(of: node) == .object else { throw EvidenceError.entry(file: file, layer: number) }
        var members: [String: Int] = [:]
        let children = Array(document.children(of: node))
        for place in stride(from: 0, to: children.count, by: 2) {
            members[String(decoding: document.string(children[place]) ?? [], as: UTF8.self)] = children[place + 1]
        }
        guard let name = members["filename"].flatMap({ document.string($0) }).map({ String(decoding: $0, as: UTF8.self) }),
            let list = members["offsets"], document.kind(of: list) == .array
        else { throw EvidenceError.entry(file: file, layer: number) }
        guard name.isFileName else { throw EvidenceError.fileName(file: file, layer: number, name: name) }
        var offsets: [Int] = []
        for node in document.children(of: list) {
            let text = document.kind(of: node) == .number ? String(decoding: document.source(node), as: UTF8.self) : ""
            guard let offset = Int(text), offset >= offsets.last ?? 0 else {
                throw EvidenceError.offsets(file: file, layer: number, index: offsets.count)
            }
            offsets.append(offset)
        }
        return Layer(file: file.deletingLastPathComponent().appending(path: name), offsets: offsets)
    }
}
