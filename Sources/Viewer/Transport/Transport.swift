internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Answers requests: the responder, or a test's substitute.
struct Service: Sendable {
    /// Decides whether a request may be read at all.
    let check: @Sendable (RequestHead) throws(Refusal) -> Void
    let answer: @Sendable (Request) async -> Response
}

/// HTTP/1.1 over TCP. Only this folder uses SwiftNIO.
///
/// One thread moves bytes and nothing else; answers are made on the cooperative pool.
struct Transport: Sendable {
    /// Never shut down: a server that stops closes its channels, while others may continue.
    private static let loop = MultiThreadedEventLoopGroup(numberOfThreads: 1).next()

    private let listeners: [any Channel]
    private let crowd: NIOLoopBoundBox<OpenConnections>

    var port: Int { listeners[0].localAddress!.port! }

    /// Listens on all of these addresses, on one port.
    ///
    /// - Parameters:
    ///   - hosts: the first must exist; others that this machine does not have are left out.
    ///   - port: 0 for any free port.
    init(hosts: [String], port: Int, limits: Limits = Limits(), service: Service) async throws(ListenFailure) {
        let loop = Self.loop
        let limits = limits.with(connections: DescriptorLimit.connections())
        let crowd = NIOLoopBoundBox.makeBoxSendingValue(OpenConnections(limits: limits), eventLoop: loop)
        let bootstrap = ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: 256)
            // The port of a server that has just stopped must be reusable.
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(RoomMaker(crowd: crowd.value)) }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.configureHTTPServerPipeline(
                        withErrorHandling: false, withEncoderConfiguration: .init(),
                        withDecoderLimitConfiguration: NIOHTTPDecoderLimitConfiguration(limits))
                    try pipeline.addHandler(Connection(service: service, limits: limits, crowd: crowd.value))
                }
            }
        var listeners: [any Channel] = []
        for host in hosts {
            do {
                listeners.append(try await bootstrap.bind(host: host, port: listeners.first?.localAddress?.port ?? port).get())
            } catch {
                let failure = ListenFailure(error)
                if failure == .noAddress, !listeners.isEmpty { continue }
                for listener in listeners { try? await listener.close() }
                throw failure
            }
        }
        (self.listeners, self.crowd) = (listeners, crowd)
    }

    /// Closes everything at once; pending answers are cancelled.
    func stop() async {
        for listener in listeners { try? await listener.close() }
        try? await Self.loop.submit { crowd.value.closeAll() }.get()
    }
}

/// Makes room when the process has no descriptor left for a new client. SwiftNIO waits for a second before it accepts the next.
final class RoomMaker: ChannelInboundHandler {
    typealias InboundIn = any Channel

    private let crowd: OpenConnections

    init(crowd: OpenConnections) { self.crowd = crowd }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let code = (error as? IOError)?.errnoCode, [EMFILE, ENFILE].contains(code) { crowd.makeRoom() }
        context.fireErrorCaught(error)
    }
}

/// Why the server cannot listen there.
enum ListenFailure: Error, Equatable {
    case portInUse
    case forbidden
    case noAddress
    /// In the system's words.
    case other(String)

    fileprivate init(_ error: any Error) {
        switch (error, (error as? IOError)?.errnoCode) {
        case (_, EADDRINUSE): self = .portInUse
        case (_, EACCES), (_, EPERM): self = .forbidden
        case (_, EADDRNOTAVAIL), (_, EAFNOSUPPORT), (is SocketAddressError, _), (is SocketAddressError.UnknownHost, _): self = .noAddress
        case (_, let code?): self = .other(String(cString: strerror(code)))
        default: self = .other("\(error)")
        }
    }
}

extension NIOHTTPDecoderLimitConfiguration {
    fileprivate init(_ limits: Limits) {
        self.init()
        maxHeaderFieldSize = limits.headBytes
        maxHeaderListSize = limits.headBytes
        maxHeaderFieldCount = limits.headFields
    }
}
