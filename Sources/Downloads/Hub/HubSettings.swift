internal import Checkpoints
package import Foundation

/// How to reach the hub, from the variables that all of its tools read.
package struct HubSettings: Sendable {
    /// `HF_ENDPOINT`, else the public hub; without trailing slashes.
    package let endpoint: String
    /// `HF_HUB_OFFLINE`, else `TRANSFORMERS_OFFLINE`: whether the network must not be used.
    package let isOffline: Bool
    /// Where a token is looked for when no variable holds one.
    package let tokenFile: URL

    /// The variables that are set and name certificates to other tools. `URLSession` cannot trust more than the system
    /// does, so they only help to explain why a connection is not trusted.
    let certificateVariables: [String]

    /// `HF_TOKEN`, else `HUGGING_FACE_HUB_TOKEN` (its old name).
    private let variableToken: AccessToken?
    /// Whether `HF_HUB_DISABLE_IMPLICIT_TOKEN` forbids sending a token that was not asked for.
    private let sendsNoToken: Bool

    /// The endpoint without `HF_ENDPOINT`.
    package static let publicEndpoint = "https://huggingface.co"

    /// Reads the variables as huggingface_hub does.
    package init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        /// The first of these that is set and not empty.
        func value(_ names: String...) -> String? { names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty } }
        func isOn(_ value: String?) -> Bool { ["1", "ON", "YES", "TRUE"].contains(value?.uppercased()) }
        var endpoint = value("HF_ENDPOINT") ?? Self.publicEndpoint
        while endpoint.hasSuffix("/") { endpoint.removeLast() }
        self.endpoint = endpoint
        isOffline = isOn(value("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"))
        tokenFile = HubFolders(environment: environment).token
        variableToken = value("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN").flatMap(AccessToken.init(cleaning:))
        certificateVariables = ["SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"].filter { value($0) != nil }
        sendsNoToken = isOn(value("HF_HUB_DISABLE_IMPLICIT_TOKEN"))
    }

    /// The token of the environment, else of the file.
    /// - Throws: `.unreadable`, `.token`.
    func token() throws(DownloadError) -> AccessToken? {
        if sendsNoToken { return nil }
        let found = if let variableToken { variableToken as AccessToken? } else { try savedToken() }
        guard let token = found else { return nil }
        guard token.headerValue != nil else { throw .token(place: variableToken == nil ? tokenFile.path : "HF_TOKEN") }
        return token
    }

    private func savedToken() throws(DownloadError) -> AccessToken? {
        guard FileManager.default.fileExists(atPath: tokenFile.path) else { return nil }
        let bytes = try inCheckpoints { () throws(CheckpointError) in try TextFile.bytes(of: tokenFile) }
        return AccessToken(cleaning: String(decoding: bytes, as: UTF8.self))
    }
}
