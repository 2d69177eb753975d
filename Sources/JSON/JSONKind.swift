/// The kind of a JSON value.
public enum JSONKind: Sendable {
    /// Named as in JSON.
    case object, array, string, number, boolean, null
}
