/// The kind of a JSON value.
public enum JSONKind: Sendable {
    case object, array, string, number, boolean, null
}
