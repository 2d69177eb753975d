/// What a JSON value is.
public enum JSONKind: Sendable {
    /// As JSON calls them.
    case object, array, string, number, boolean, null
}
