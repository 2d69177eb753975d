import Foundation
import TestSupport
import Tensors
import TestSupport
import Testing

@testable import Viewer

/// A server whose answers say what was asked: `/large` is 8 MB, `/never` takes until it is cancelled.
private func server(_ limits: Limits = Limits()) async throws -> ViewServer {
    let large = [UInt8](repeating: 97, count: 8 << 20)
    let guards = RequestGuard(host: "127.0.0.1", token: Client.token)
    return try await ViewServer.start(
        host: "127.0.0.1", port: 0, limits: limits,
        service: Service(
            check: { head throws(Refusal) in try guards.check(head) },
            answer: { request in
                switch request.head.target {
                case "/large": return Response(body: large)
                case "/never":
                    try? await Task.sleep(for: .seconds(3600))
                    return Response()
                default: return Response(body: Array("\(request.head.method) \(request.head.target) \(request.body.count)".utf8))
                }
            }))
}

private let authorization = "Authorization: Bearer \(Client.token.text)\r\n"
private let get = "GET /x HTTP/1.1\r\nHost: localhost\r\n\(authorization)\r\n"

private func post(_ fields: String...) -> String {
    "POST /x HTTP/1.1\r\nHost: localhost\r\n\(authorization)Content-Type: application/json\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n"
}

@Suite(.timeLimit(.minutes(30))) struct TransportTests {
    @Test(arguments: [false, true])
    func `both kinds of loopback answer, one request after the other on one connection`(ipv6: Bool) async throws {
        let server = try await server()
        try await onThread {
            let client = try RawClient(port: server.port, ipv6: ipv6)
            for _ in 0..<3 {
                client.send(get)
                let answer = try #require(client.receiveAnswer())
                #expect(answer.status == 200)
                #expect(answer.text == "GET /x 0")
                #expect(answer.field("Connection") == "keep-alive")
                #expect(answer.field("X-Content-Type-Options") == "nosniff")
                #expect(answer.field("Referrer-Policy") == "no-referrer")
                #expect(answer.field("Cross-Origin-Opener-Policy") == "same-origin")
                #expect(answer.field("Cross-Origin-Resource-Policy") == "same-origin")
                #expect(
                    answer.field("Content-Security-Policy")?.hasPrefix(
                        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; ") == true)
            }
            client.send(post("Content-Length: 5", "Connection: close") + "12345")
            #expect(client.receiveAll()?.hasSuffix("POST /x 5") == true)
        }
        await server.stop()
    }

    @Test func `who does not know the token is refused before a body is read`() async throws {
        let server = try await server()
        try await onThread {
            let asking = try RawClient(port: server.port)
            asking.send(post("Content-Length: 5", "Expect: 100-continue").replacing(authorization, with: ""))
            #expect(asking.receiveAll()?.hasPrefix("HTTP/1.1 403 ") == true)
            let client = try RawClient(port: server.port)
            client.send(get.replacing(authorization, with: ""))
            let answer = try #require(client.receiveAnswer())
            #expect(answer.status == 403 && answer.text.contains("?token=") && !answer.text.contains(Client.token.text))
        }
        await server.stop()
    }

    @Test func `requests that come all at once are answered in their order`() async throws {
        let server = try await server()
        try await onThread {
            let client = try RawClient(port: server.port)
            client.send((0..<50).map { get.replacing("/x", with: "/\($0)") }.joined())
            for number in 0..<50 { #expect(client.receiveAnswer()?.text == "GET /\(number) 0") }
        }
        await server.stop()
    }

    @Test func `HEAD says what GET would send and sends none of it`() async throws {
        let server = try await server()
        try await onThread {
            let client = try RawClient(port: server.port)
            client.send(get.replacing("GET /x", with: "HEAD /large").replacing("\r\n\r\n", with: "\r\nConnection: close\r\n\r\n"))
            let all = try #require(client.receiveAll())
            #expect(all.contains("Content-Length: 8388608\r\n"))
            #expect(all.hasSuffix("\r\n\r\n"))
        }
        await server.stop()
    }

    @Test(arguments: [
        "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}", "nonsense\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET / HTTP/1.1 extra\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : localhost\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n", "G\u{0}T / HTTP/1.1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabcd",
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.0\r\n\r\n",
    ])
    func `what is not HTTP is told so, once`(bytes: String) async throws {
        let server = try await server()
        try await onThread {
            let client = try RawClient(port: server.port)
            client.send(bytes)
            let all = try #require(client.receiveAll())
            #expect(all.hasPrefix("HTTP/1.1 400 "), "\(all)")
            #expect(all.contains("{\"error\":\""))
            #expect(all.split(separator: "HTTP/1.1 ").count == 1)
        }
        await server.stop()
    }

    @Test func `random bytes never bring it down`() async throws {
        let server = try await server()
        try await onThread {
            var random = RandomBits(seed: 8041)
            let pieces = [
                "GET ", "POST ", "/", " HTTP/1.1", "\r\n", "\n", "Host: localhost", "Transfer-Encoding: chunked", "Content-Length: 9", ": ", "0",
                "ffffffffffffffff", "\u{0}", "é", "Expect: 100-continue",
            ]
            for _ in 0..<200 {
                let text = (0..<Int.random(in: 1..<20, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
                let client = try RawClient(port: server.port)
                client.send(text)
            }
            let client = try RawClient(port: server.port)
            client.send(get)
            #expect(client.receiveAnswer()?.status == 200)
        }
        await server.stop()
    }

    @Test func `heads are limited`() async throws {
        let server = try await server()
        try await onThread {
            for head in [
                "GET /\(String(repeating: "a", count: 40_000)) HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nX: \(String(repeating: "a", count: 40_000))\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\n" + String(repeating: "X: 1\r\n", count: 101) + "\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\n" + (0..<90).map { "X\($0): \(String(repeating: "a", count: 500))\r\n" }.joined() + "\r\n",
            ] {
                let client = try RawClient(port: server.port)
                client.send(head)
                #expect(client.receiveAll()?.hasPrefix("HTTP/1.1 431 ") == true)
            }
            // An endless line is cut off without being kept.
            let client = try RawClient(port: server.port)
            client.send("GET / HTTP/1.1\r\nX: ")
            var sent = 0
            while sent < 1 << 30, client.send([UInt8](repeating: 97, count: 1 << 16)) { sent += 1 << 16 }
            #expect(sent < 1 << 26)
        }
        await server.stop()
    }

    @Test func `bodies are limited, by what is said and by what comes`() async throws {
        let server = try await server()
        try await onThread {
            let announced = try RawClient(port: server.port)
            announced.send(post("Content-Length: 4000001"))
            #expect(announced.receiveAnswer()?.status == 413)

            let unannounced = try RawClient(port: server.port)
            unannounced.send(post("Transfer-Encoding: chunked"))
            let chunk = "10000\r\n" + String(repeating: "a", count: 1 << 16) + "\r\n"
            for _ in 0..<61 { unannounced.send(chunk) }
            #expect(unannounced.send(chunk))
            let answer = try #require(unannounced.receiveAnswer())
            #expect(answer.status == 413)
            #expect(answer.text == #"{"error":"The body of the request has more than 4000000 bytes."}"#)

            let whole = try RawClient(port: server.port)
            whole.send(post("Content-Length: 4000000"))
            whole.send([UInt8](repeating: 97, count: 4_000_000))
            #expect(whole.receiveAnswer()?.text == "POST /x 4000000")

            let inGet = try RawClient(port: server.port)
            inGet.send("GET / HTTP/1.1\r\nHost: localhost\r\n\(authorization)Content-Length: 1\r\n\r\na")
            #expect(inGet.receiveAnswer()?.status == 413)

            let badChunk = try RawClient(port: server.port)
            badChunk.send(post("Transfer-Encoding: chunked") + "zz\r\nabc\r\n")
            #expect(badChunk.receiveAll()?.hasPrefix("HTTP/1.1 400 ") == true)
        }
        await server.stop()
    }

    @Test func `chunks are put together, and who asks before sending is told to go on`() async throws {
        let server = try await server()
        try await onThread {
            let client = try RawClient(port: server.port)
            client.send(post("Transfer-Encoding: chunked", "Expect: 100-continue"))
            let interim = "HTTP/1.1 100 Continue\r\n\r\n"
            #expect(client.receive(interim.utf8.count) == Array(interim.utf8))
            client.send("3;x=y\r\nabc\r\n4\r\ndefg\r\n0\r\nX: trailer\r\n\r\n")
            #expect(client.receiveAnswer()?.text == "POST /x 7")

            let refused = try RawClient(port: server.port)
            refused.send(post("Content-Length: 5000000", "Expect: 100-continue"))
            #expect(refused.receiveAnswer()?.status == 413)
        }
        await server.stop()
    }

    @Test func `a body that ends early is never answered`() async throws {
        var limits = Limits()
        limits.patience = .milliseconds(300)
        let server = try await server(limits)
        try await onThread {
            let client = try RawClient(port: server.port)
            client.send(post("Content-Length: 10") + "12345")
            #expect(client.receiveAll() == "")
        }
        await server.stop()
    }

    @Test func `who reads slowly gets all`() async throws {
        let server = try await server()
        try await onThread {
            let slow = try RawClient(port: server.port)
            slow.send(get.replacing("/x", with: "/large").replacing("\r\n\r\n", with: "\r\nConnection: close\r\n\r\n"))
            var received = 0
            while let bytes = slow.receive(1 << 12), !bytes.isEmpty { received += bytes.count }
            #expect(received > 8 << 20)
        }
        await server.stop()
    }

    @Test func `200 slow clients keep nobody from an answer`() async throws {
        let server = try await server()
        try await onThread {
            var crowd: [RawClient] = []
            for number in 0..<200 {
                let client = try RawClient(port: server.port)
                switch number % 4 {
                case 0: break
                case 1: client.send("GET / HTT")
                case 2: client.send(post("Content-Length: 4000000") + "{")
                // Asks for much and never reads.
                default: client.send(String(repeating: get.replacing("/x", with: "/large"), count: 3))
                }
                crowd.append(client)
            }
            for number in 0..<100 {
                let client = try RawClient(port: server.port)
                client.send(get)
                #expect(client.receiveAnswer()?.status == 200)
                if number % 10 == 0 { for (number, client) in crowd.enumerated() where number % 4 == 1 { client.send("P") } }
            }
            withExtendedLifetime(crowd) {}
        }
        await server.stop()
    }

    @Test func `too many clients push out the slowest, not the newest`() async throws {
        var limits = Limits()
        limits.connections = 20
        let server = try await server(limits)
        try await onThread {
            var crowd: [RawClient] = []
            for _ in 0..<60 { crowd.append(try RawClient(port: server.port)) }
            let client = try RawClient(port: server.port)
            client.send(get)
            #expect(client.receiveAnswer()?.status == 200)
            #expect(crowd[0].receiveAll() == "")
            #expect(crowd[20].receiveAll() == "")
        }
        await server.stop()
    }

    @Test func `what waits for clients is limited`() async throws {
        var limits = Limits()
        limits.waitingBytes = 5_000_000
        let server = try await server(limits)
        try await onThread {
            let slow = try RawClient(port: server.port)
            slow.send(post("Content-Length: 4000000"))
            slow.send([UInt8](repeating: 97, count: 3_000_000))
            let other = try RawClient(port: server.port)
            other.send(post("Content-Length: 4000000"))
            other.send([UInt8](repeating: 97, count: 4_000_000))
            #expect(other.receiveAnswer()?.status == 200)
            #expect(slow.receiveAll() == "")
        }
        await server.stop()
    }

    @Test func `a large answer arrives whole`() async throws {
        let server = try await server()
        try await onThread {
            let client = try RawClient(port: server.port)
            client.send(get.replacing("/x", with: "/large"))
            let answer = try #require(client.receiveAnswer())
            #expect(answer.body.count == 8 << 20)
            #expect(answer.body.allSatisfy { $0 == 97 })
            client.send(get)
            #expect(client.receiveAnswer()?.status == 200)
        }
        await server.stop()
    }

    /// Waiting for its clients, it would not stop before the suite's time limit.
    @Test func `stopping does not wait for anybody`() async throws {
        var limits = Limits()
        limits.patience = .seconds(3600)
        let server = try await server(limits)
        let clients = try await onThread {
            let clients = try ["", "GET / HTT", get.replacing("/x", with: "/never"), get.replacing("/x", with: "/large")].map { text in
                let client = try RawClient(port: server.port)
                client.send(text)
                return client
            }
            // By the time that a later one is answered, they are known.
            let last = try RawClient(port: server.port)
            last.send(get)
            #expect(last.receiveAnswer()?.status == 200)
            return clients
        }
        await server.stop()
        try await onThread {
            for client in clients { #expect(client.receiveAll() != nil) }
            #expect(throws: POSIXError.self) { try RawClient(port: server.port) }
        }
        // Its port is free again at once.
        await server.stop()
        let next = try await ViewServer.start(
            host: "127.0.0.1", port: server.port, service: Service(check: { _ in }, answer: { _ in Response() }))
        await next.stop()
    }
}

@Suite struct ListeningTests {
    private static let nobody = Service(check: { _ in }, answer: { _ in Response() })

    @Test func `a port in use is an error that names a free one`() async throws {
        let first = try await ViewServer.start(host: "127.0.0.1", port: 0, service: Self.nobody)
        let error = await #expect(throws: ViewServerError.self) {
            try await ViewServer.start(host: "localhost", port: first.port, service: Self.nobody)
        }
        guard case .portInUse(first.port, let free?) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(free > first.port)
        #expect(error?.description == "Port \(first.port) is in use. `--port \(free)` is free.")
        let second = try await ViewServer.start(host: "127.0.0.1", port: free, service: Self.nobody)
        await second.stop()
        await first.stop()
    }

    @Test func `an address that is not this machine's is an error`() async throws {
        for host in ["192.0.2.1", "no-such-host.invalid"] {
            let error = await #expect(throws: ViewServerError.self) {
                try await ViewServer.start(host: host, port: 0, service: Self.nobody)
            }
            #expect(error == .host(host))
        }
    }

    @Test func `the sentences say what to do`() {
        #expect(ViewServerError.portInUse(8041, free: 8043).description == "Port 8041 is in use. `--port 8043` is free.")
        #expect(ViewServerError.portInUse(65535, free: nil).description == "Port 65535 is in use. Choose another with `--port N`.")
        #expect(ViewServerError.portForbidden(80).description == "This account may not listen on port 80. Choose a number from 1024 up with `--port`.")
    }

    @Test func `only the loopback hears unless it is told otherwise`() async throws {
        let server = try await ViewServer.start(host: "127.0.0.1", port: 0, service: Self.nobody)
        // Another address of this machine is still free.
        let other = try await ViewServer.start(host: "127.0.0.2", port: server.port, service: Self.nobody)
        await other.stop()
        await server.stop()
    }
}
