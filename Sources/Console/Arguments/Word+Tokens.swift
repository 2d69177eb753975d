import Workbench

extension Word {
    /// Whether it is written as a token is.
    var isToken: Bool { spelling == .quoted || text.hasPrefix("#") }

    /// A token: a JSON string or `#ID`.
    func token() throws(ConsoleError) -> TokenReference {
        if spelling == .quoted {
            if text.isEmpty { throw ConsoleError("A token cannot be empty", at: range) }
            return .text(text)
        }
        if text.hasPrefix("#") {
            guard let id = Int(text.dropFirst()), id >= 0 else {
                throw ConsoleError("\(text) is not a token's number; one is written #ID, for example #42", at: range)
            }
            return .id(id)
        }
        throw ConsoleError(
            "A token is written in double quotes or as #ID", at: range, suggestion: JSONText.quoted(" " + text),
            advice: "most tokens begin with a space; `tokens` and `top` show how they are spelled")
    }
}
