import Checkpoints
import Foundation
#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif
import Synchronization
import TestSupport
import Testing
@testable import Downloads

/// A network that brings more than is taken.
@Suite struct FlowTests {
    private static func endless(_ count: Int = 1 << 16) -> ServedAnswer {
        var answer = ServedAnswer(body: content(count))
        answer.isEndless = true
        return answer
    }

    #if canImport(FoundationNetworking)
        @Test func `while a disk takes nothing, no more is read than the queue has room for`() async throws {
            // What sockets hold is the system's choice; far more than this means that somebody goes on reading.
            let unheard = 256 << 20
            let server = try LoopbackServer { _ in Self.endless() }
            let queue = DeliveryQueue()
            let received = Mutex(0)
            let isFull = Mutex(false)
            await #expect(throws: POSIXError.self) {
                try await WebClient(queue: queue).send(
                    URLRequest(url: URL(string: server.address)!),
                    onBody: { piece in
                        while queue.count < queue.limit, server.sentBytes < unheard { usleep(1000) }
                        isFull.withLock { $0 = queue.count == queue.limit && server.sentBytes < unheard }
                        let count = received.withLock {
                            $0 += piece.count; return $0
                        }
                        if count > 1 << 20 { throw POSIXError(.EINTR) }
                    })
            }
            #expect(isFull.withLock { $0 })
        }
    #endif

    @Test func `a body without an end is refused at the size that was announced`() async throws {
        let test = try DownloadCase(["org/model": modelFiles()])
        test.remote.change { $0.instead = [("model.safetensors", 99, Self.endless(3000))] }
        let error = await test.error("org/model")
        #expect(error?.hasPrefix("org/model/model.safetensors has 5000 bytes, but ") == true)
        #expect(!FileManager.default.fileExists(atPath: test.incomplete(content(5000), of: "org/model").path))
        #expect(!test.files.keys.contains { $0.hasSuffix(largeHash(content(5000))) })
    }

    @Test func `a listing without an end, or longer than any, is refused`() async throws {
        let test = try DownloadCase(["org/model": modelFiles()])
        let sentence = "HUB does not answer like a hub: it sent more than 67108864 bytes for a list of files. Check HF_ENDPOINT."
        test.remote.change { $0.instead = [("/api/", 99, ServedAnswer(200, ["Content-Length": "67108865"]))] }
        #expect(await test.error("org/model") == sentence)
        test.remote.change { $0.instead = [("/api/", 99, Self.endless())] }
        #expect(await test.error("org/model") == sentence)
    }
}

/// Certificates that other tools are told of.
@Suite struct CertificateTests {
    @Test func `a connection that is not trusted says which variables are not read`() throws {
        let variables = ["SSL_CERT_FILE": "/a", "CURL_CA_BUNDLE": "", "REQUESTS_CA_BUNDLE": "/b"]
        let unread = HubSettings(environment: variables).certificateVariables
        let error = RetryableFailure.failure(URLError(.serverCertificateUntrusted), host: "hub", unreadVariables: unread)
        #expect(
            "\(error)".contains(
                ". SSL_CERT_FILE and REQUESTS_CA_BUNDLE are ignored: only the certificates that the system trusts count."))
        let plain = RetryableFailure.failure(URLError(.serverCertificateUntrusted), host: "hub", unreadVariables: [])
        #expect("\(plain)".hasSuffix(" Check the clock, the machine's certificates and any proxy in between."))
    }
}
