extension QueryParameters {
    /// The member that holds them, in a document and in what a page sends to be saved.
    package static let key = "qParams"

    /// What their own members are called; a page's address has these names too.
    enum Key {
        static let pinnedIDs = "pinnedIds"
        static let supernodes = "supernodes"
        static let linkType = "linkType"
        static let clickedID = "clickedId"
        static let positions = "sg_pos"
        static let labels = "clerps"

        static let all: Set = [pinnedIDs, supernodes, linkType, clickedID, positions, labels]
    }
}
