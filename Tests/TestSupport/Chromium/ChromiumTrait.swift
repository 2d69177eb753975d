package import Testing

extension Chromium {
    /// The browser of the suite that a test belongs to.
    package static var shared: Chromium {
        get throws { try current ?? { throw ChromiumError.ended(log: "nothing; the suite lacks the trait `.chromium`") }() }
    }

    @TaskLocal fileprivate static var current: Chromium?
}

/// One browser for all tests of a suite; it ends with the suite.
package struct ChromiumTrait: SuiteTrait, TestScoping {
    package func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        let browser = try await Chromium.start()
        do {
            try await Chromium.$current.withValue(browser, operation: function)
        } catch {
            await browser.stop()
            throw error
        }
        await browser.stop()
    }
}

extension Trait where Self == ChromiumTrait {
    package static var chromium: ChromiumTrait { ChromiumTrait() }
}
