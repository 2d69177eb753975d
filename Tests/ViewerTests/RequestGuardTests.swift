import Testing

@testable import Viewer

private func head(
    _ method: String = "GET", _ fields: (String, String)..., host: String? = "localhost:8041"
) -> RequestHead {
    let hosts = host.map { [("Host", $0)] } ?? []
    return RequestHead(method: method, target: "/", headers: Headers((hosts + fields).map { (name: $0.0, value: $0.1) }))
}

private func status(_ head: RequestHead, listeningOn host: String = "127.0.0.1") -> Int {
    do throws(Refusal) {
        try RequestGuard(host: host, token: nil).check(head)
        return 200
    } catch {
        return error.status
    }
}

@Suite struct RequestGuardTests {
    @Test(arguments: [
        "localhost", "localhost:8041", "LOCALHOST:80", "127.0.0.1", "127.0.0.1:65535", "[::1]", "[::1]:8041", "localhost:9999",
    ])
    func `this machine's own names are answered, with any port`(host: String) {
        #expect(status(head(host: host)) == 200)
    }

    @Test(arguments: [
        "localhost.evil.com", "127.0.0.1.evil", "evil.com", "evil.com:8041", "localhost.", "127.0.0.1.", "127.1", "2130706433",
        "0.0.0.0", "127.0.0.2", "0x7f.0.0.1", "[::]", "[::ffff:127.0.0.1]", "localhost-", "xlocalhost", "::1",
    ])
    func `other names are refused`(host: String) {
        #expect([400, 403].contains(status(head(host: host))))
    }

    @Test(arguments: [
        "", " ", ":8041", "localhost:", "localhost:x", "localhost:65536", "localhost:-1", "localhost:+80", "localhost:80:80", "user@localhost",
        "user:pw@localhost:8041",
        "localhost/", "localhost evil.com", "localhost,evil.com", "http://localhost", "[::1", "[::1]x", "[::1]:", "loc\u{0430}lhost", "localhost\u{0}",
        "localhost#", "[localhost]x:1",
    ])
    func `what is no host is refused`(host: String) {
        #expect(status(head(host: host)) == 400)
    }

    @Test func `a request has one Host`() {
        #expect(status(head(host: nil)) == 400)
        #expect(status(head("GET", ("Host", "evil.com"))) == 400)
        #expect(status(head("GET", ("host", "localhost:8041"))) == 400)
    }

    @Test func `a name that was given is answered beside this machine's own`() {
        #expect(status(head(host: "Node17.cluster:8041"), listeningOn: "node17.cluster") == 200)
        #expect(status(head(host: "localhost:8041"), listeningOn: "node17.cluster") == 200)
        #expect(status(head(host: "node18.cluster:8041"), listeningOn: "node17.cluster") == 403)
        #expect(status(head(host: "[fe80::1]:8041"), listeningOn: "fe80::1") == 200)
        #expect(status(head(host: "user@anything.example"), listeningOn: "0.0.0.0") == 400)
    }

    @Test(arguments: ["127.0.0.1", "0.0.0.0"])
    func `names that are allowed are answered, with a proxy's scheme and port`(host: String) throws {
        let guards = RequestGuard(host: host, token: nil, allowed: try HostName.list("Hub.example.org,[2001:db8::1]"), machine: "lab7")
        for name in ["hub.example.org", "HUB.example.org:8443", "[2001:db8::1]:80", "localhost:8041"] {
            #expect(throws: Never.self) { try guards.check(head(host: name)) }
        }
        for name in ["example.org", "x.hub.example.org", "evil.example"] {
            #expect(throws: Refusal.self) { try guards.check(head(host: name)) }
        }
        let json = ("Content-Type", "application/json")
        #expect(throws: Never.self) { try guards.check(head("POST", json, ("Origin", "https://hub.example.org"), host: "hub.example.org")) }
        #expect(throws: Refusal.self) { try guards.check(head("POST", json, ("Origin", "https://evil.example"), host: "hub.example.org")) }
    }

    @Test(arguments: ["", "https://hub.example.org", "hub.example.org:443", "hub example", "hub.example.org/", "hub,", "*"])
    func `what is not a name is not allowed`(text: String) {
        let error = #expect(throws: ViewServerError.self) { try HostName.list(text) }
        // Of a list the one that is wrong.
        let name = text == "hub," ? "" : text
        #expect(
            error?.description == "\"\(name)\" is not a host name. `--allow-host` takes names without http:// and"
                + " without a port, such as hub.example.org; separate several with commas.")
    }

    @Test(arguments: ["0.0.0.0", "::"])
    func `a server on every address answers to addresses and to its machine's names, which nobody else's name server leads here`(host: String) {
        let machine = RequestGuard(host: host, token: nil, machine: "Lab7.example.org")
        for name in ["192.168.1.5:8041", "[fe80::1]:8041", "localhost", "lab7:8041", "lab7.example.org", "lab7.local:8041"] {
            #expect(throws: Never.self) { try machine.check(head(host: name)) }
        }
        for name in ["anything.example:1", "lab7.evil.org", "192.168.1.evil", "1.2.3.4.evil.org"] {
            #expect(throws: Refusal.self) { try machine.check(head(host: name)) }
        }
    }

    @Test(arguments: ["PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH", "get"])
    func `there are no other methods`(method: String) {
        #expect(status(head(method)) == 405)
    }

    @Test(arguments: [
        ("application/json", 200), ("Application/JSON; charset=utf-8", 200), ("application/json ; charset=utf-8", 200),
        ("text/plain", 415), ("application/x-www-form-urlencoded", 415), ("multipart/form-data", 415),
        ("application/jsonp", 415), ("text/plain; application/json", 415), ("", 415),
    ])
    func `what is sent says that it is JSON, which a form cannot`(type: String, expected: Int) {
        #expect(status(head("POST", ("Content-Type", type))) == expected)
    }

    @Test func `JSON is said once`() {
        #expect(status(head("POST")) == 415)
        #expect(status(head("POST", ("Content-Type", "application/json"), ("Content-Type", "text/plain"))) == 415)
    }

    @Test(arguments: [
        ("http://localhost:8041", "localhost:8041", 200), ("http://LOCALHOST:8041", "localhost:8041", 200),
        // Another port that is forwarded to this one.
        ("http://localhost:9999", "localhost:9999", 200), ("http://[::1]:8041", "[::1]:8041", 200),
        ("http://localhost", "localhost", 200), ("http://localhost", "localhost:80", 200), ("https://localhost", "localhost:443", 200),
        ("null", "localhost:8041", 403), ("", "localhost:8041", 403), ("http://localhost:8042", "localhost:8041", 403),
        ("http://localhost", "localhost:8041", 403), ("http://127.0.0.1:8041", "localhost:8041", 403),
        ("http://evil.com", "localhost:8041", 403), ("http://localhost:8041.evil.com", "localhost:8041", 403),
        ("http://localhost:8041@evil.com", "localhost:8041", 403), ("http://localhost:8041/", "localhost:8041", 403),
        ("file://", "localhost:8041", 403), ("ftp://localhost:8041", "localhost:8041", 403), ("localhost:8041", "localhost:8041", 403),
    ])
    func `another origin may not post`(origin: String, host: String, expected: Int) {
        #expect(status(head("POST", ("Content-Type", "application/json"), ("Origin", origin), host: host)) == expected)
    }

    @Test func `one of two origins is enough to refuse`() {
        let own = ("Origin", "http://localhost:8041")
        #expect(status(head("POST", ("Content-Type", "application/json"), own, ("Origin", "http://evil.com"))) == 403)
    }

    @Test func `what a page of another site includes is refused, a link to here is not`() {
        #expect(status(head("GET", ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors"))) == 403)
        #expect(status(head("GET", ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"))) == 200)
        #expect(status(head("GET", ("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Mode", "cors"))) == 200)
        let json = ("Content-Type", "application/json")
        #expect(status(head("POST", json, ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"))) == 403)
    }
}
