import Foundation

/// A TCP connection to a server on this machine that sends whatever bytes a test likes.
///
/// Its calls block, so each test runs them on a thread of its own: the server answers on the pool that tests run on.
package final class RawClient: Sendable {
    private let descriptor: Int32

    /// - Parameter seconds: how long it waits. Answers are made on the pool that other tests compute on.
    package init(port: Int, ipv6: Bool = false, seconds: Int = 1200) throws {
        #if canImport(Darwin)
            let kind = SOCK_STREAM
        #else
            let kind = Int32(SOCK_STREAM.rawValue)
        #endif
        descriptor = socket(ipv6 ? AF_INET6 : AF_INET, kind, 0)
        var timeout = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        let isConnected =
            if ipv6 {
                withUnsafeBytes(of: sockaddr_in6(sin6_family: sa_family_t(AF_INET6), port: port)) { connects($0) }
            } else {
                withUnsafeBytes(of: sockaddr_in(loopbackPort: port)) { connects($0) }
            }
        guard isConnected else { throw POSIXError(.ECONNREFUSED) }
    }

    deinit { Foundation.close(descriptor) }

    private func connects(_ address: UnsafeRawBufferPointer) -> Bool {
        connect(descriptor, address.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t(address.count)) == 0
    }

    /// - Returns: whether all of it went out.
    @discardableResult
    package func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    @discardableResult
    package func send(_ bytes: [UInt8]) -> Bool {
        #if canImport(Darwin)
            let flags: Int32 = 0
        #else
            let flags = Int32(MSG_NOSIGNAL)
        #endif
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.send(descriptor, $0.baseAddress, $0.count, flags) }
            if count <= 0 { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// What comes next, at most so many bytes; none when the server has closed, `nil` when nothing comes in time.
    package func receive(_ most: Int = 1 << 16) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: most)
        let count = recv(descriptor, &buffer, most, 0)
        if count < 0 { return errno == ECONNRESET ? [] : nil }
        return Array(buffer[..<count])
    }

    /// Everything until the server closes; `nil` when it does not in time.
    package func receiveAll() -> String? {
        var all: [UInt8] = []
        while let bytes = receive() {
            if bytes.isEmpty { return String(decoding: all, as: UTF8.self) }
            all += bytes
        }
        return nil
    }

    /// The next answer, as its `Content-Length` says.
    package func receiveAnswer() -> RawAnswer? {
        var all: [UInt8] = []
        while true {
            guard let byte = receive(1), !byte.isEmpty else { return nil }
            all += byte
            guard all.suffix(4) == [13, 10, 13, 10] else { continue }
            var answer = RawAnswer(head: String(decoding: all, as: UTF8.self))
            while answer.body.count < answer.length {
                guard let bytes = receive(answer.length - answer.body.count), !bytes.isEmpty else { return nil }
                answer.body += bytes
            }
            return answer
        }
    }
}

package struct RawAnswer: Sendable {
    package let head: String
    package internal(set) var body: [UInt8] = []

    package var status: Int { Int(head.split(separator: " ")[1])! }
    package var text: String { String(decoding: body, as: UTF8.self) }
    package var length: Int { Int(field("Content-Length") ?? "0")! }

    package func field(_ name: String) -> String? {
        head.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name.lowercased() + ": ") }
            .map { String($0.dropFirst(name.count + 2)) }
    }
}

extension sockaddr_in {
    fileprivate init(loopbackPort port: Int) {
        self.init()
        sin_family = sa_family_t(AF_INET)
        sin_port = UInt16(port).bigEndian
        sin_addr.s_addr = inet_addr("127.0.0.1")
    }
}

extension sockaddr_in6 {
    fileprivate init(sin6_family: sa_family_t, port: Int) {
        self.init()
        self.sin6_family = sin6_family
        sin6_port = UInt16(port).bigEndian
        inet_pton(AF_INET6, "::1", &sin6_addr)
    }
}
