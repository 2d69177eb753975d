internal import Checkpoints
package import Foundation
package import Graphs
internal import JSON
internal import Synchronization

/// Evidence as public transcoder sets carry it: `index.json.gz`, and for each layer a file of one compressed record a feature.
///
/// The index is read at the first question, and again if its file has changed. Records are copied, not mapped, so that a file that is shortened meanwhile is an error and not the
/// end of the process.
package final class EvidenceBundle: EvidenceSource {
    package static let indexName = "index.json.gz"

    /// The folder with the index.
    package let place: URL
    private let index = Mutex<(file: FileIdentity, layers: Result<[Int: Layer], any Error>)?>(nil)

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

    /// - Parameter folder: the one with the index.
    package init(folder: URL) { place = folder }

    /// What a folder holds: `index.json.gz` in it, or in its folder `features`, as beside a set's files.
    ///
    /// - Returns: nil for a folder without a bundle.
    package convenience init?(in folder: URL) {
        let place = [folder, folder.appending(path: "features")].first { folder in
            FileManager.default.fileExists(atPath: folder.appending(path: Self.indexName).path)
        }
        guard let place else { return nil }
        self.init(folder: place)
    }

    package func evidence(for feature: FeatureID) throws -> FeatureEvidence? {
        guard let layer = try layers()[feature.layer], feature.index >= 0, feature.index + 1 < layer.offsets.count else { return nil }
        let (start, end) = (layer.offsets[feature.index], layer.offsets[feature.index + 1])
        guard start < end else { return nil }
        guard let json = try Self.record(feature, at: start..<end, of: layer.file) else { return nil }
        do throws(JSONFault) {
            return try FeatureEvidence(feature, parsing: json)
        } catch {
            throw EvidenceError.notJSON(file: layer.file, feature: feature, fault: error)
        }
    }

    /// The layers with their numbers of features.
    /// - Throws: `EvidenceError`, `CheckpointError`.
    package func featureCounts() throws -> [Int: Int] { try layers().mapValues { max($0.offsets.count - 1, 0) } }

    package func features() throws -> [FeatureID] {
        try layers().sorted { $0.key < $1.key }.flatMap { number, layer in
            zip(layer.offsets, layer.offsets.dropFirst()).enumerated().filter { $1.0 < $1.1 }.map { FeatureID(layer: number, index: $0.offset) }
        }
    }

    package func state() throws -> String {
        var sum = Checksum()
        sum.update(stateOf: place.appending(path: Self.indexName))
        for file in Set(try layers().values.map(\.file)).sorted(by: { $0.path < $1.path }) { sum.update(stateOf: file) }
        return sum.text
    }

    /// The layers' files, by an index that need not have its name.
    /// - Throws: `EvidenceError`, `CheckpointError`.
    package static func fileNames(inIndex file: URL) throws -> [Int: String] { try layers(in: file).mapValues(\.file.lastPathComponent) }

    /// A record's contents, inflated; nil where its file is not here, since layers can be fetched one by one.
    private static func record(_ feature: FeatureID, at range: Range<Int>, of file: URL) throws -> [UInt8]? {
        let header = 4
        // A record as long as its contents may be is not compressed at all, so nothing is lost by reading no more.
        let read = range.prefix(LooseEvidence.recordLimit)
        let (bytes, byteCount): ([UInt8], Int)
        do throws(CheckpointError) {
            (bytes, byteCount) = try PlainFile.bytes(of: file, in: read)
        } catch {
            if case .unreadable(_, let reason) = error, reason.code == ENOENT { return nil }
            throw error
        }
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
        let file = place.appending(path: Self.indexName)
        return try index.withLock { index in
            let identity = try FileIdentity(of: file)
            if let index, index.file == identity { return try index.layers.get() }
            let layers = Result { try Self.layers(in: file) }
            index = (identity, layers)
            return try layers.get()
        }
    }

    private static func layers(in file: URL) throws -> [Int: Layer] {
        let compressed = try PlainFile.bytes(of: file, limit: indexLimit)
        let bytes: [UInt8]
        do throws(InflationFault) {
            bytes = try compressed.inflated(limit: indexLimit)
        } catch {
            throw EvidenceError.index(file: file, fault: error)
        }
        let document: JSONDocument
        do throws(JSONFault) {
            document = try JSONDocument(bytes, valueLimit: offsetLimit)
        } catch {
            throw CheckpointError.notJSON(file: file, fault: error)
        }
        return try layers(document, of: file)
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
        default: throw EvidenceError.noLayers(file: file)
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
