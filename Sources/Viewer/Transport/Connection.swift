internal import NIOCore
internal import NIOHTTP1

/// One client: reads a request, gets it answered, sends the answer piece by piece as the client takes it, and repeats.
final class Connection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum Stage {
        case idle
        /// The body so far.
        case receiving(RequestHead, ByteBuffer)
        case answering(Task<Void, Never>)
        /// How much of the body was sent.
        case sending([UInt8], sent: Int)
        /// Answered before the request was complete. Anything else that arrives is discarded: closing at once could lose the
        /// answer on its way to the client.
        case draining
        case closed
    }

    private let service: Service
    private let limits: Limits
    private let crowd: OpenConnections
    private var stage = Stage.idle { didSet { countWaitingBytes() } }
    private var context: ChannelHandlerContext?
    private var deadline: Scheduled<Void>?
    /// Whether the whole request has arrived.
    private var isWhole = false
    private var staysOpen = false
    private var isHead = false
    private var isWriting = false

    private static let pieceByteCount = 1 << 16
    /// How long a client that was answered early may continue sending.
    private static let drainTime = TimeAmount.seconds(2)

    /// When we began to wait for the client; nil while it waits for us.
    private(set) var waitingSince: NIODeadline?
    /// Bytes kept for this client.
    private(set) var waitingBytes = 0

    init(service: Service, limits: Limits, crowd: OpenConnections) {
        self.service = service
        self.limits = limits
        self.crowd = crowd
    }

    func close() { context?.close(promise: nil) }

    // MARK: - Waiting

    private func wait(_ time: TimeAmount? = nil) {
        deadline?.cancel()
        waitingSince = .now()
        let loop = context?.eventLoop.assumeIsolated()
        deadline = loop?.scheduleTask(in: time ?? TimeAmount(limits.patience)) { [weak self] in self?.close() }
    }

    private func stopWaiting() {
        deadline?.cancel()
        waitingSince = nil
    }

    private func countWaitingBytes() {
        let bytes =
            switch stage {
            case .receiving(_, let body): body.readableBytes
            case .sending(let body, let sent): body.count - sent
            default: 0
            }
        let change = bytes - waitingBytes
        waitingBytes = bytes
        if change != 0 { crowd.count(change) }
    }

    // MARK: - Events

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        wait()
        crowd.join(self)
    }

    func channelInactive(context: ChannelHandlerContext) {
        stopWaiting()
        if case .answering(let task) = stage { task.cancel() }
        stage = .closed
        crowd.leave(self)
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), stage) {
        case (.head(let head), .idle): begin(head)
        case (.body(let bytes), .receiving(let head, var body)):
            // Cleared first: with two owners each append would copy everything.
            stage = .idle
            guard body.readableBytes + bytes.readableBytes <= RequestGuard.bodyLimit(head) else {
                return send(Refusal.tooLarge(limit: RequestGuard.bodyLimit(head)).response)
            }
            body.writeImmutableBuffer(bytes)
            stage = .receiving(head, body)
        case (.end, .receiving(let head, let body)):
            isWhole = true
            answer(Request(head: head, body: Array(buffer: body)))
        case (.end, .draining): close()
        case (.end, _): isWhole = true
        default: break
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) { sendPieces() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch stage {
        case .idle where error is HTTPParserError, .receiving where error is HTTPParserError:
            staysOpen = false
            isWhole = true
            send(refusal(of: error).response)
        default: close()
        }
    }

    private func refusal(of error: any Error) -> Refusal {
        guard error as? HTTPParserError == .headerOverflow else { return .badRequest("The request is not HTTP.") }
        return Refusal(
            status: 431,
            description: "The request has more than \(limits.headFields) header fields, or more than \(limits.headBytes) bytes of them.")
    }

    // MARK: - Requests

    private func begin(_ received: HTTPRequestHead) {
        isWhole = false
        staysOpen = received.isKeepAlive
        isHead = received.method == .HEAD
        let head = RequestHead(method: received.method.rawValue, target: received.uri, headers: Headers(received.headers.lazy.map { $0 }))
        do throws(Refusal) {
            try service.check(head)
            let limit = RequestGuard.bodyLimit(head)
            guard head.headers.values("content-length").allSatisfy({ Int($0) ?? .max <= limit }) else { throw .tooLarge(limit: limit) }
        } catch {
            return send(error.response)
        }
        if head.headers.list("expect").contains(where: { $0.lowercased() == "100-continue" }) {
            context?.writeAndFlush(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
        }
        stage = .receiving(head, ByteBuffer())
    }

    private func answer(_ request: Request) {
        guard let loop = context?.eventLoop else { return }
        stopWaiting()
        let (service, me) = (service, NIOLoopBound(self, eventLoop: loop))
        stage = .answering(
            Task {
                let response = await service.answer(request)
                loop.execute { me.value.send(response) }
            })
    }

    // MARK: - Answers

    private func send(_ response: Response) {
        guard let context else { return }
        if !isWhole { staysOpen = false }
        var headers = HTTPHeaders(response.fields)
        // A 304 has no body, and no length for one.
        if response.status != 304 { headers.add(name: "Content-Length", value: "\(response.body.count)") }
        headers.add(name: "Connection", value: staysOpen ? "keep-alive" : "close")
        let head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: response.status), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        stage = .sending(isHead ? [] : response.body, sent: 0)
        wait()
        sendPieces()
    }

    /// Sends as much as the client takes now; the rest when it takes more.
    private func sendPieces() {
        // Flushing can call this method again.
        guard !isWriting else { return }
        isWriting = true
        defer { isWriting = false }
        while case .sending(let body, let sent) = stage, let context, context.channel.isWritable {
            guard sent < body.count else {
                finish(context)
                continue
            }
            let end = min(sent + Self.pieceByteCount, body.count)
            stage = .sending(body, sent: end)
            wait()
            context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body[sent..<end])))), promise: nil)
        }
    }

    private func finish(_ context: ChannelHandlerContext) {
        let (isLast, isWhole) = (!staysOpen, isWhole)
        stage = isLast ? .draining : .idle
        wait(isLast && !isWhole ? Self.drainTime : nil)
        let sent = context.eventLoop.makePromise(of: Void.self)
        if isLast, isWhole { sent.futureResult.assumeIsolated().whenComplete { _ in self.close() } }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: sent)
    }
}
