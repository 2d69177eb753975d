extension QueryParameters {
    /// The member that holds them, in a document and in what a page sends.
    package static let key = "qParams"

    /// The names of their own members, also used in a page's address.
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
