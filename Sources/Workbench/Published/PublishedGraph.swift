internal import Foundation
internal import GraphFiles

/// A graph in a folder of graphs.
struct PublishedGraph: Hashable {
    let folder: GraphFolder
    let slug: GraphSlug

    var file: URL { folder.url.appending(path: "\(slug).json") }
}
