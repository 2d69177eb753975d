/// A name that browsers may call a server by, as `Host` has it, without a port: `hub.example.org`.
package struct HostName: Sendable, Equatable {
    /// In lower case.
    let text: String

    /// Names with commas between them.
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
