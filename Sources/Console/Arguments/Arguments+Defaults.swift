import Workbench

/// How many rows a table has unless it is said.
let defaultCount = Session.usualCount

extension Arguments {
    /// The count in that place, or the default.
    func count(at place: Int, of what: String, default count: Int = defaultCount) throws(ConsoleError) -> Int {
        guard let word = self[place] else { return count }
        return try word.integer(what, atLeast: 1)
    }
}
