/// A name that browsers may use for the server, as in `Host`, without a port: `hub.example.org`.
package struct HostName: Sendable, Equatable {
    /// In lower case.
    let text: String

    /// Names separated by commas.
    package static func list(_ text: String) throws(ViewServerError) -> [HostName] {
        var names: [HostName] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) { names.append(try HostName(String(part))) }
        return names
    }

    private init(_ name: String) throws(ViewServerError) {
        guard let authority = Authority(parsing: name), authority.port == nil else { throw .hostName(name) }
        text = authority.name
    }
}
