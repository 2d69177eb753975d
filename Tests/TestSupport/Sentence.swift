package import Foundation

/// The sentence of the error that `body` throws; nil where it throws none.
///
/// - Parameters:
///   - folder: what is different in every run, and is called `name`.
package func sentence<Answer, Failure: Error>(
    hiding folder: URL? = nil, as name: String = "DIR", _ body: () throws(Failure) -> Answer
) -> String? {
    do throws(Failure) {
        _ = try body()
        return nil
    } catch {
        return folder.map { "\(error)".replacing($0.path, with: name) } ?? "\(error)"
    }
}

/// The sentence of the error that `body` throws; nil where it throws none.
package func sentence<Answer>(_ body: () async throws -> Answer) async -> String? {
    do {
        _ = try await body()
        return nil
    } catch { return "\(error)" }
}
