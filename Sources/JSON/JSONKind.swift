/// What a JSON value is.
public enum JSONKind: Sendable {
    case object, array, string, number, boolean, null
}
