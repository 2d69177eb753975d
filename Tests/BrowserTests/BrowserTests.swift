import TestSupport
import Testing

/// The page as people use it: a real browser, the real server, one browser for all of it.
@Suite(.serialized, .enabled(if: Chromium.isExpected), .chromium, .timeLimit(.minutes(30))) struct BrowserTests {}
