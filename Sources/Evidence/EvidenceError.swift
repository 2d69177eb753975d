package import Checkpoints
package import Foundation
package import Graphs
package import JSON

/// What is wrong with a bundle of evidence.
package enum EvidenceError: Error, Sendable, Equatable {
    /// An index that cannot be inflated.
    case index(file: URL, fault: InflationFault)
    /// An index that is neither an object nor a list.
    case noLayers(file: URL)
    /// A key of the index that is not a layer.
    case layer(file: URL, key: String)
    /// A layer's entry without a file name or offsets.
    case entry(file: URL, layer: Int)
    /// A file name that leads out of the folder.
    case fileName(file: URL, layer: Int, name: String)
    /// Offsets that are negative or descend.
    case offsets(file: URL, layer: Int, index: Int)
    /// A record that the file does not have, or does not have all of.
    case pastEnd(file: URL, feature: FeatureID, end: Int, byteCount: Int)
    /// A record whose length does not fit between its offsets.
    case length(file: URL, feature: FeatureID, length: Int, room: Int)
    /// A record that cannot be inflated.
    case record(file: URL, feature: FeatureID, fault: InflationFault)
    /// A record that is not a JSON object.
    case notJSON(file: URL, feature: FeatureID, fault: JSONFault)
    /// A bundle without a single record to write.
    case noRecords
    /// The name of a set that cannot be a path.
    case scan(String)
}

extension EvidenceError: CustomStringConvertible, LocalizedError {
    package var errorDescription: String? { description }

    package var description: String {
        switch self {
        case .index(let file, let fault): "\(file.path) \(fault.sentence) It should be the gzip file of an index of features; download it again."
        case .noLayers(let file): "\(file.path) must be an object or a list of layers."
        case .layer(let file, let key): "\(file.path) has the key \(key.debugDescription); expected the number of a layer."
        case .entry(let file, let layer): "Layer \(layer) in \(file.path) must have a filename and a list of offsets."
        case .fileName(let file, let layer, let name):
            "Layer \(layer) in \(file.path) has the file name \(name.debugDescription); expected the name of a file beside it."
        case .offsets(let file, let layer, let index):
            "Offset \(index) of layer \(layer) in \(file.path) must be a whole number, not below the one before it."
        case .pastEnd(let file, let feature, let end, let byteCount):
            "The record of feature \(feature) ends at byte \(end) of \(file.path), which has \(byteCount). Download both files of the layer again."
        case .length(let file, let feature, let length, let room):
            "The record of feature \(feature) in \(file.path) says that it has \(length) bytes; there are \(room) for it."
        case .record(let file, let feature, let fault): "The record of feature \(feature) in \(file.path) \(fault.sentence)"
        case .notJSON(let file, let feature, let fault): "The record of feature \(feature) in \(file.path) is not a JSON object: \(fault.sentence)."
        case .noRecords: "There are no examples of features to write."
        case .scan(let name): "The set's name \(name.debugDescription) cannot be a path. Choose another folder's name, or a bundle."
        }
    }
}

extension InflationFault {
    /// What is wrong with the data, after its name.
    fileprivate var sentence: String {
        switch self {
        case .damaged: "is not zlib or gzip, or is damaged."
        case .endsEarly: "ends too early."
        case .tooLong(let limit): "inflates to more than \(limit) bytes, which are allowed."
        case .outOfMemory: "needs more memory than there is."
        }
    }
}
