internal import Checkpoints
internal import Foundation

/// The models and sets on this machine, loaded or not.
extension Session {
    /// The bundled model and what the hub's cache on this machine holds.
    package func models() throws -> [ModelListing] {
        let locator = ModelLocator(environment: environment)
        let bundled = environment.bundled == nil ? [] : [ModelLocator.bundledModel] + ModelLocator.bundledSets
        return (bundled + environment.hub.repositories()).compactMap { name in
            // What is half downloaded cannot be loaded, so it is not offered.
            guard let folder = try? locator.folder(name) else { return nil }
            let isSet = locator.isTranscoderSet(folder)
            guard isSet || FileManager.default.fileExists(atPath: folder.appending(path: "config.json").path) else { return nil }
            return ModelListing(
                name: name, kind: isSet ? .transcoders : .model,
                madeFor: isSet ? (try? TranscoderConfig(folder: folder))?.modelName : nil, folder: folder.path,
                isLoaded: name == (isSet ? state.model?.setName : state.model?.name))
        }
    }
}

/// One entry of `models`.
package struct ModelListing: Sendable {
    package enum Kind: String, Sendable { case model, transcoders }
    package let name: String
    package let kind: Kind
    /// The model a transcoder set was made for.
    package let madeFor: String?
    package let folder: String
    package let isLoaded: Bool
}
