import Foundation
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import Viewer

/// How long a client is waited for, on a clock that the tests move.
@Suite struct PatienceTests {
    private static let patience = TimeAmount(Limits().patience)
    private static let moment = TimeAmount.milliseconds(1)
    private static let large = [UInt8](repeating: 97, count: 1 << 20)
    private static let get = HTTPServerRequestPart.head(
        HTTPRequestHead(version: .http1_1, method: .GET, uri: "/x", headers: ["Host": "localhost"]))

    /// A client that has just connected, and will read so many pieces of an answer's body. Asked for `/never`, the service answers only when it is cancelled.
    private func client(taking pieces: Int = .max) async throws -> NIOAsyncTestingChannel {
        let channel = NIOAsyncTestingChannel()
        try await channel.testingEventLoop.executeInContext {
            try channel.pipeline.syncOperations.addHandler(Reader(pieces: pieces))
            let limits = Limits()
            let service = Service(check: { _ in }) { request in
                if request.head.target == "/never" { try? await Task.sleep(for: .seconds(3600)) }
                return Response(body: Self.large)
            }
            try channel.pipeline.syncOperations.addHandler(
                Connection(service: service, limits: limits, crowd: OpenConnections(limits: limits)))
        }
        try await channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1))
        return channel
    }

    @Test func `who says nothing is let go`() async throws {
        let client = try await client()
        await client.testingEventLoop.advanceTime(by: Self.patience - Self.moment)
        #expect(client.isActive)
        await client.testingEventLoop.advanceTime(by: Self.moment)
        #expect(!client.isActive)
    }

    @Test func `a byte at a time does not buy time`() async throws {
        let client = try await client()
        try await client.writeInbound(
            HTTPServerRequestPart.head(
                HTTPRequestHead(version: .http1_1, method: .POST, uri: "/x", headers: ["Host": "localhost", "Content-Length": "100"])))
        for _ in 0..<60 where client.isActive {
            try await client.writeInbound(HTTPServerRequestPart.body(ByteBuffer(string: "x")))
            await client.testingEventLoop.advanceTime(by: .seconds(1))
        }
        #expect(!client.isActive)
    }

    @Test func `while the answer is made it is the client who waits`() async throws {
        let client = try await client()
        try await client.writeInbound(
            HTTPServerRequestPart.head(
                HTTPRequestHead(version: .http1_1, method: .GET, uri: "/never", headers: ["Host": "localhost"])))
        try await client.writeInbound(HTTPServerRequestPart.end(nil))
        await client.testingEventLoop.advanceTime(by: .hours(24))
        #expect(client.isActive)
        try await client.close()
    }

    @Test func `who goes on reading gets all, and may then stay as long again`() async throws {
        let client = try await client()
        try await client.writeInbound(Self.get)
        try await client.writeInbound(HTTPServerRequestPart.end(nil))
        var received = 0
        while received < Self.large.count {
            if case .body(.byteBuffer(let piece)) = try await client.waitForOutboundWrite(as: HTTPServerResponsePart.self) {
                received += piece.readableBytes
            }
        }
        await client.testingEventLoop.advanceTime(by: Self.patience - Self.moment)
        #expect(client.isActive)
        await client.testingEventLoop.advanceTime(by: Self.moment)
        #expect(!client.isActive)
    }

    @Test func `who stops reading is let go`() async throws {
        let client = try await client(taking: 2)
        try await client.writeInbound(Self.get)
        try await client.writeInbound(HTTPServerRequestPart.end(nil))
        // The head, and what the client took.
        for _ in 0..<3 { _ = try await client.waitForOutboundWrite(as: HTTPServerResponsePart.self) }
        await client.testingEventLoop.advanceTime(by: Self.patience - Self.moment)
        #expect(client.isActive)
        await client.testingEventLoop.advanceTime(by: Self.moment)
        #expect(!client.isActive)
        #expect(try await client.readOutbound(as: HTTPServerResponsePart.self) == nil)
    }
}

@Suite struct DescriptorLimitTests {
    @Test func `connections leave room for files, and a page can always be loaded`() {
        #expect(DescriptorLimit.connections(descriptors: 256, open: 20) == 172)
        #expect(DescriptorLimit.connections(descriptors: 1024, open: 20) == 940)
        #expect(DescriptorLimit.connections(descriptors: 64, open: 20) == 8)
        #expect(Limits().with(connections: 172).connections == 172)
        #expect(Limits().with(connections: 100_000).connections == 512)
    }

    @Test func `where no descriptor is left, the client that has waited longest gives way`() async throws {
        let loop = NIOAsyncTestingEventLoop()
        let crowd = NIOLoopBoundBox.makeBoxSendingValue(OpenConnections(limits: Limits()), eventLoop: loop)
        func client() async throws -> NIOAsyncTestingChannel {
            let channel = NIOAsyncTestingChannel(loop: loop)
            try await loop.executeInContext {
                let service = Service(check: { _ in }) { _ in Response() }
                try channel.pipeline.syncOperations.addHandler(Connection(service: service, limits: Limits(), crowd: crowd.value))
            }
            try await channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1))
            return channel
        }
        let clients = [try await client(), try await client()]
        let listener = NIOAsyncTestingChannel(loop: loop)
        try await loop.executeInContext { try listener.pipeline.syncOperations.addHandler(RoomMaker(crowd: crowd.value)) }
        for (code, open) in [(ECONNABORTED, [true, true]), (EMFILE, [false, true]), (ENFILE, [false, false])] {
            try await loop.executeInContext {
                listener.pipeline.syncOperations.fireErrorCaught(IOError(errnoCode: code, reason: "accept"))
            }
            await loop.run()
            #expect(clients.map(\.isActive) == open)
        }
    }
}

/// A client that reads so many pieces of an answer, and then no more.
private final class Reader: ChannelOutboundHandler {
    typealias OutboundIn = HTTPServerResponsePart

    private var pieces: Int

    init(pieces: Int) { self.pieces = pieces }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .body = unwrapOutboundIn(data) {
            pieces -= 1
            if pieces == 0 { (context.channel as? NIOAsyncTestingChannel)?.isWritable = false }
        }
        context.write(data, promise: promise)
    }
}
