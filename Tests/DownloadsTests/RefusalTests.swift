import Checkpoints
import Foundation
#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif
import TestSupport
import Testing
@testable import Downloads

@Suite struct RefusalTests {
    private let test: DownloadCase

    init() throws { test = try DownloadCase(["org/model": modelFiles()]) }

    private func answer(_ text: String, _ status: Int, _ headers: KeyValuePairs<String, String> = [:]) {
        test.remote.change { $0.instead = [(text, 99, ServedAnswer(status, headers))] }
    }

    private let advice =
        "Then create a token at https://huggingface.co/settings/tokens and put it in the variable HF_TOKEN or the file DIR/token."

    @Test func `without a token it is said how to get one`() async throws {
        test.remote.change { $0.token = DownloadCase.token }
        #expect(
            await test.error("org/model", ["HF_TOKEN": ""])
                == "org/model is private, or it is not on the hub. Log in and check that you can open http://HUB/org/model. \(advice)")
        #expect(await test.error("org/model") == nil)
    }

    @Test func `a token that is not accepted is told, and not shown`() async throws {
        test.remote.change { $0.token = "hf_another" }
        #expect(
            await test.error("org/model")
                == "The hub does not accept the token for org/model. It may have expired:"
                + " check https://huggingface.co/settings/tokens, HF_TOKEN and DIR/token. Or http://HUB/org/model does not exist.")
    }

    @Test func `a licence that is not accepted is told before anything is fetched`() async throws {
        answer("/resolve/", 403, ["X-Error-Code": "GatedRepo"])
        let sentence = "The licence of org/model must be accepted first. Accept it at http://HUB/org/model"
        #expect(await test.error("org/model") == sentence + " with the account that the token belongs to.")
        #expect(await test.error("org/model", ["HF_TOKEN": ""]) == sentence + ". \(advice)")
        #expect(test.remote.fetched == [])
    }

    @Test func `a token without the right is told`() async throws {
        answer("/resolve/", 403)
        #expect(
            await test.error("org/model")
                == "The token does not have permission to read org/model. Let it read http://HUB/org/model"
                + " at https://huggingface.co/settings/tokens.")
    }

    @Test func `a repository, a revision and a file that are not there are told apart`() async throws {
        #expect(await test.error("org/other") == "There is no repository org/other on the hub. Check its name.")
        #expect(await test.error("gema") == "There is no repository gema on the hub. Did you mean gemma?")
        #expect(
            await test.error("org/model/tokeniser.json")
                == "org/model has no tokeniser.json. Did you mean tokenizer.json?")
        test.remote.change {
            $0.instead = [
                ("/revision/v2", 9, ServedAnswer(404, ["X-Error-Code": "RevisionNotFound"])),
                ("/refs", 9, ServedAnswer(body: Array(#"{"branches": [{"name": "main"}], "tags": [{"name": "v1"}]}"#.utf8))),
            ]
        }
        #expect(await test.error("org/model@v2") == "org/model has no revision v2. Its revisions: main, v1.")
    }

    @Test func `offline nothing is asked`() async throws {
        for variable in ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"] {
            #expect(
                await test.error("org/model", [variable: "1"])
                    == "org/model was not downloaded, because HF_HUB_OFFLINE (or TRANSFORMERS_OFFLINE) is set."
                    + " Unset it to use the network.")
        }
        #expect(test.remote.hub.requests.isEmpty)
        #expect(await test.error("org/model", ["HF_HUB_OFFLINE": "0", "TRANSFORMERS_OFFLINE": "1"]) == nil)
    }

    @Test func `what is no hub is told`() async throws {
        test.remote.change { $0.instead = [("/api/", 1, ServedAnswer(body: Array("<html>".utf8)))] }
        #expect(await test.error("org/model") == "HUB does not answer like a hub: it did not send a list of files. Check HF_ENDPOINT.")
        for endpoint in ["ftp://h", "h", "https://user:password@h", "https://h?x=1", "https://"] {
            #expect(
                await test.error("org/model", ["HF_ENDPOINT": endpoint])
                    == "HF_ENDPOINT is not the address of a hub. Write it as https://huggingface.co, or unset it.")
        }
    }
}

/// Where the token goes.
@Suite struct TokenTests {
    private let test: DownloadCase

    init() throws { test = try DownloadCase(["org/model": modelFiles()]) }

    @Test func `the token goes to the hub and not to the host it sends us to`() async throws {
        try await test.download("org/model")
        #expect(test.remote.hub.tokenCount == test.remote.hub.requests.count)
        #expect(!test.remote.storage.requests.isEmpty)
        #expect(test.remote.storage.tokenCount == 0)
    }

    @Test func `a redirect within the hub keeps the token`() async throws {
        test.remote.change {
            $0.token = DownloadCase.token; $0.storesLargeFiles = true
        }
        try await test.download("org/model")
        #expect(test.remote.hub.requests.contains { $0.path.hasPrefix("/stored/") && $0.headers["authorization"] != nil })
        #expect(test.remote.storage.requests.isEmpty)
    }

    @Test func `a renamed repository is followed`() async throws {
        let moved = ServedAnswer(307, ["Location": "/api/models/org/model/revision/main?blobs=true"])
        let file = ServedAnswer(307, ["Location": "/org/model/resolve/\(LoopbackHub.commit(of: "org/model"))/config.json"])
        test.remote.change { $0.instead = [("/api/models/old/name", 9, moved), ("/old/name/resolve/", 9, file)] }
        #expect(await test.error("old/name/config.json") == nil)
        #expect(test.files["models--old--name/refs/main"] == LoopbackHub.commit(of: "org/model"))
        #expect(test.remote.hub.tokenCount == test.remote.hub.requests.count)
    }

    @Test(arguments: [
        "https://hub.example/x", "https://HUB.example:443/x", "https://hub.example/other?y",
    ])
    func `addresses of the hub get the token`(_ address: String) throws {
        #expect(try header(address) == "Bearer secret")
    }

    @Test(arguments: [
        "http://hub.example/x", "https://hub.example:8443/x", "https://cdn.hub.example/x", "https://example/x",
        "https://hub.example.evil/x", "https://hub.example@evil/x", "https://evil/hub.example",
    ])
    func `no other address gets it`(_ address: String) throws {
        #expect(try header(address) == nil)
    }

    /// What goes to `address` beside a question to https://hub.example.
    private func header(_ address: String) throws -> String? {
        let url = try #require(URL(string: address))
        return try secure().request(HubConnection.Question(url: url), url).value(forHTTPHeaderField: "Authorization")
    }

    private func secure() throws -> HubConnection {
        try HubConnection(
            endpoint: Endpoint("https://hub.example"), token: AccessToken(cleaning: " secret\n"), patience: .forQuestions)
    }

    @Test func `what began encrypted stays so`() throws {
        let url = try #require(URL(string: "https://hub.example/a"))
        func next(_ location: String) throws -> String? {
            let head = WebHead(url: url, status: 302, headers: ["location": location])
            return try secure().redirect(head, of: HubConnection.Question(url: url))?.absoluteString
        }
        #expect(try next("https://cdn.example/a") == "https://cdn.example/a")
        #expect(try next("/b") == "https://hub.example/b")
        #expect(throws: DownloadError.unencryptedRedirect(from: "hub.example", to: "cdn.example:8080")) {
            try next("http://cdn.example:8080/a")
        }
        #expect(throws: DownloadError.unencryptedRedirect(from: "hub.example", to: "hub.example")) {
            try next("http://hub.example/a")
        }
    }

    @Test func `circles end`() async throws {
        test.remote.change { $0.instead = [("/api/", 99, ServedAnswer(302, ["Location": "/api/again"]))] }
        #expect(await test.error("org/model") == "HUB redirects in circles, or to an invalid address. Try again later.")
        test.remote.change { $0.instead = [("/api/", 99, ServedAnswer(302, ["Location": "file:///etc/passwd"]))] }
        #expect(await test.error("org/model") == "HUB redirects in circles, or to an invalid address. Try again later.")
    }

    @Test func `the file of whoever is logged in is read`() async throws {
        test.remote.change { $0.token = "hf_fromFile" }
        try test.folder.write("\u{FEFF}  hf_fromFile\r\n", to: "token")
        #expect(await test.error("org/model", ["HF_TOKEN": ""]) == nil)
    }

    @Test func `a token that was not asked for can be forbidden`() async throws {
        try await test.download("org/model", ["HF_HUB_DISABLE_IMPLICIT_TOKEN": "1"])
        #expect(test.remote.hub.tokenCount == 0)
    }

    @Test func `no error and no dump holds the token or a signature`() async throws {
        let token = DownloadCase.token
        for status in [400, 401, 403, 404, 410, 429, 500, 302] {
            for text in ["/api/", "/resolve/", "/stored/"] {
                test.remote.change { $0.instead = [(text, 99, ServedAnswer(status))] }
                let error = try #require(await test.error("org/model"), "\(text) \(status)")
                #expect(!error.contains(token) && !error.contains("signature"), "\(text) \(status): \(error)")
            }
        }
        #expect(await test.error("org/model", ["HF_TOKEN": "hf_\u{1}x"])?.contains("hf_") == false)
        var dumped = ""
        let hub = test.local()
        dump(hub, to: &dumped)
        #expect(!dumped.contains(token) && !"\(hub)".contains(token) && !String(reflecting: hub.settings).contains(token))
    }
}
