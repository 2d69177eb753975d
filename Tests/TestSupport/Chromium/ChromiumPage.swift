package import Foundation
internal import Synchronization

/// A page of a browser, closed when the value goes.
///
/// Nothing here waits for a length of time. Scripts and gestures start once the page has settled, which it declares itself; `wait`
/// is for what comes from elsewhere, and asks again until it is so.
package final class ChromiumPage: Sendable {
    let browser: Chromium
    /// What the page needs while it is open, as its server.
    private let needed: any Sendable
    /// A promise of the page's: all that was asked of it is done and drawn.
    private let settled: String
    private let target: String
    let session: String
    let seen = Mutex(Seen())

    struct Seen {
        var errors: [String] = []
        var requests: [String] = []
        /// What the browser calls the requests that are held back.
        var held: [String] = []
    }

    init(_ browser: Chromium, width: Int, height: Int, isDark: Bool, settled: String, needed: any Sendable) async throws {
        struct Created: Decodable { let targetId: String }
        struct Attached: Decodable { let sessionId: String }
        (self.browser, self.settled, self.needed) = (browser, settled, needed)
        let created: Created = try await browser.pipe.send("Target.createTarget", ["url": "about:blank", "newWindow": true])
        target = created.targetId
        let attached: Attached = try await browser.pipe.send(
            "Target.attachToTarget", ["targetId": target, "flatten": true])
        session = attached.sessionId
        browser.pipe.onEvent(session: session) { [weak self] method, message in self?.noticed(method, message) }
        for domain in ["Page", "Runtime", "Log", "Network"] { try await send("\(domain).enable") }
        // Every page believes itself in front, or only one of several would be visible and redrawn.
        try await send("Emulation.setFocusEmulationEnabled", ["enabled": true])
        try await resize(width: width, height: height)
        try await setDark(isDark)
    }

    deinit {
        browser.pipe.onEvent(session: session, nil)
        browser.pipe.post("Target.closeTarget", ["targetId": target])
    }

    func send(_ method: String, _ parameters: [String: any Sendable] = [:]) async throws {
        try await browser.pipe.send(method, parameters, session: session)
    }

    /// Points of CSS, each one pixel.
    package func resize(width: Int, height: Int) async throws {
        try await send(
            "Emulation.setDeviceMetricsOverride",
            ["width": width, "height": height, "deviceScaleFactor": 1, "mobile": false])
    }

    /// What `prefers-color-scheme` says.
    package func setDark(_ isDark: Bool) async throws {
        let scheme = ["name": "prefers-color-scheme", "value": isDark ? "dark" : "light"]
        try await send("Emulation.setEmulatedMedia", ["features": [scheme]])
    }

    // MARK: - Documents

    /// Goes to an address and waits until it and its scripts are loaded.
    package func open(_ url: String) async throws {
        struct Navigated: Decodable { let errorText: String? }
        let navigated: Navigated = try await browser.pipe.send("Page.navigate", ["url": url], session: session)
        if let error = navigated.errorText { throw ChromiumError.refused(method: "to open \(url)", reason: error) }
        // The answer may come while the page before is still there.
        try await wait(until: "location.href !== 'about:blank' && document.readyState === 'complete'")
    }

    package func reload() async throws {
        try await run("window.isBeforeReload = true")
        try await send("Page.reload")
        try await wait(until: "!window.isBeforeReload && document.readyState === 'complete'")
    }

    // MARK: - Scripts

    /// The value of an expression once the page has settled, or what its promise resolves to.
    package func evaluate<Value: Decodable>(_ expression: String, as: Value.Type = Value.self) async throws -> Value {
        try await ask("\(settled).then(() => \(expression))")
    }

    /// Runs statements once the page has settled.
    package func run(_ script: String) async throws {
        let _: Bool = try await evaluate("(async () => { \(script) })().then(() => true)")
    }

    /// Waits until all that was asked of the page is done and drawn.
    package func settle() async throws {
        let _: Bool = try await evaluate("true")
    }

    /// The value of an expression as it is now.
    private func ask<Value: Decodable>(_ expression: String) async throws -> Value {
        let evaluated: Evaluated<Value> = try await browser.pipe.send(
            "Runtime.evaluate",
            ["expression": expression, "awaitPromise": true, "returnByValue": true, "userGesture": true], session: session)
        if let exception = evaluated.exception {
            throw ChromiumError.threw(script: expression, exception: exception.sentence)
        }
        guard let value = evaluated.value else {
            throw ChromiumError.threw(script: expression, exception: "no value of type \(Value.self)")
        }
        return value
    }

    /// Waits until an expression is true, whether or not the page has settled. One that throws is not true yet.
    ///
    /// Patience is counted in questions, not by the clock: beside busier tests this one's turn may come seldom.
    package func wait(until condition: String, seconds: Int = 30) async throws {
        var found = "nothing"
        for _ in 0..<seconds * 50 {
            do {
                found = try await ask(
                    "(async () => { const value = await (\(condition)); return value ? 'true' : JSON.stringify(value) ?? 'undefined' })()")
            } catch ChromiumError.threw(_, let exception) {
                found = exception
            } catch ChromiumError.refused(_, let reason) {
                // The document changed under the question.
                found = reason
            }
            if found == "true" { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw ChromiumError.neverTrue(condition: condition, seconds: seconds, found: found, page: await story())
    }

    /// What a failed wait leaves behind for people.
    func story() async -> String {
        let file = FileManager.default.temporaryDirectory.appending(path: "circuit-tracer-page-\(UUID().uuidString.prefix(8)).png")
        let errors = consoleErrors.isEmpty ? "no errors" : consoleErrors.joined(separator: "\n")
        let image = (try? await screenshot(to: file)) == nil ? "no screenshot" : "a screenshot is in \(file.path)"
        return "On the console: \(errors); \(image)."
    }

    /// Waits until the page has drawn what follows from what happened last.
    func frame() async throws {
        let _: Bool = try await ask("new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(true))))")
    }

    package func screenshot(to file: URL) async throws {
        struct Screenshot: Decodable { let data: Data }
        let screenshot: Screenshot = try await browser.pipe.send("Page.captureScreenshot", session: session)
        try screenshot.data.write(to: file)
    }

    // MARK: - What happened

    /// Errors on the console, uncaught exceptions, refusals by the content security policy, failed loads.
    package var consoleErrors: [String] { seen.withLock { $0.errors } }

    /// Every address asked for, in order.
    package var requests: [String] { seen.withLock { $0.requests } }

    private func noticed(_ method: String, _ message: Data) {
        func parameters<T: Decodable>(_: T.Type) -> T? { try? JSONDecoder().decode(ChromiumEvent<T>.self, from: message).params }
        switch method {
        case "Network.requestWillBeSent":
            guard let url = parameters(RequestSent.self)?.request.url else { return }
            seen.withLock { $0.requests.append(url) }
        case "Fetch.requestPaused":
            guard let id = parameters(RequestPaused.self)?.requestId else { return }
            seen.withLock { $0.held.append(id) }
        case "Runtime.exceptionThrown":
            guard let exception = parameters(Thrown.self)?.exceptionDetails else { return }
            seen.withLock { $0.errors.append(exception.sentence) }
        case "Runtime.consoleAPICalled":
            guard let call = parameters(ConsoleCall.self), ["error", "assert"].contains(call.type) else { return }
            seen.withLock { $0.errors.append(call.args.map { $0.description ?? $0.value?.text ?? "?" }.joined(separator: " ")) }
        case "Log.entryAdded":
            guard let entry = parameters(LogEntry.self)?.entry, entry.level == "error" else { return }
            seen.withLock { $0.errors.append([entry.text, entry.url].compactMap(\.self).joined(separator: " ")) }
        default: break
        }
    }

    private struct Evaluated<Value: Decodable>: Decodable {
        let value: Value?
        let exception: Exception?

        private enum Key: CodingKey { case result, value, exceptionDetails }

        init(from decoder: any Decoder) throws {
            let answer = try decoder.container(keyedBy: Key.self)
            exception = try answer.decodeIfPresent(Exception.self, forKey: .exceptionDetails)
            // Beside an exception the result is the thrown object.
            let result = try answer.nestedContainer(keyedBy: Key.self, forKey: .result)
            value = exception == nil && result.contains(.value) ? try result.decode(Value.self, forKey: .value) : nil
        }
    }

    private struct RequestSent: Decodable {
        let request: Request
        struct Request: Decodable { let url: String }
    }

    private struct RequestPaused: Decodable { let requestId: String }

    private struct Exception: Decodable {
        let text: String
        let exception: Object?
        struct Object: Decodable { let description: String? }
        var sentence: String { [text, exception?.description].compactMap(\.self).joined(separator: " ") }
    }

    private struct Thrown: Decodable { let exceptionDetails: Exception }

    private struct ConsoleCall: Decodable {
        let type: String
        let args: [Argument]

        struct Argument: Decodable {
            let description: String?
            let value: Value?
        }

        /// Strings as they are; what else a page logs has a description.
        struct Value: Decodable {
            let text: String?
            init(from decoder: any Decoder) throws { text = try? decoder.singleValueContainer().decode(String.self) }
        }
    }

    private struct LogEntry: Decodable {
        let entry: Entry
        struct Entry: Decodable {
            let level: String
            let text: String
            let url: String?
        }
    }
}

extension Chromium {
    /// A new page with nothing in it yet.
    /// - Parameters:
    ///   - settled: an expression, a promise of the page that all that was asked of it is done and drawn.
    ///   - needed: lives as long as the page.
    package func page(
        width: Int, height: Int, isDark: Bool, settled: String, needing needed: any Sendable
    ) async throws -> ChromiumPage {
        try await ChromiumPage(self, width: width, height: height, isDark: isDark, settled: settled, needed: needed)
    }
}
