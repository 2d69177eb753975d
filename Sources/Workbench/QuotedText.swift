internal import JSON

extension String {
    /// Between double quotes, as JSON spells it: how tokens and prompts are typed.
    var quotedText: String {
        var writer = JSONWriter(layout: .compact)
        writer.string(self)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
