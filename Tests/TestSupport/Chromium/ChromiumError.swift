/// Why the browser could not do what a test asked of it.
package enum ChromiumError: Error, CustomStringConvertible {
    /// No program at any of these paths.
    case notInstalled(lookedAt: [String])
    /// The browser is gone; what it said before.
    case ended(log: String)
    case noAnswer(method: String, seconds: Int)
    case refused(method: String, reason: String)
    case threw(script: String, exception: String)
    case neverTrue(condition: String, seconds: Int, found: String, page: String)
    case notClickable(element: String, reason: String)

    package var description: String {
        switch self {
        case .notInstalled(let paths):
            "No Chromium at \(paths.joined(separator: ", ")). `make test` installs it (on Debian: apt-get install chromium); "
                + "CIRCUIT_TRACER_CHROMIUM names another program."
        case .ended(let log): "Chromium has ended. It said:\n\(log)"
        case .noAnswer(let method, let seconds): "Chromium did not answer \(method) within \(seconds) seconds."
        case .refused(let method, let reason): "Chromium refused \(method): \(reason)"
        case .threw(let script, let exception): "`\(script)` threw in the page: \(exception)"
        case .neverTrue(let condition, let seconds, let found, let page):
            "`\(condition)` did not become true within \(seconds) seconds; last it was \(found).\n\(page)"
        case .notClickable(let element, let reason): "\(element) cannot be clicked: \(reason)"
        }
    }
}
