internal import Foundation
internal import Tokenization

extension Session {
    /// What the store of activations holds on disk.
    ///
    /// - Parameter count: how many of the runs used last are named.
    package func storedRuns(_ count: Int) -> StoreReport {
        let entries = store.entries().sorted { ($1.used, $0.url.path) < ($0.used, $1.url.path) }
        let now = Date()
        let rows = entries.prefix(max(count, 0)).map { entry in
            let key = ActivationStore.key(of: entry.url)
            return StoreReport.Run(
                prompt: key.flatMap(prompt), tokens: key?.tokens.count, bytes: entry.bytes, age: max(0, now.timeIntervalSince(entry.used)))
        }
        return StoreReport(
            folder: environment.cache?.path, runs: rows, count: entries.count, bytes: store.usedBytes, limitBytes: store.limitBytes,
            notices: store.refusal.map { [$0] } ?? [])
    }

    /// Removes all of it.
    package func clearStore() -> ClearedStore {
        let (count, bytes) = store.clear()
        return ClearedStore(count: count, bytes: bytes, notices: store.refusal.map { [$0] } ?? [])
    }

    /// A stored prompt, where it is of the loaded model: another one's tokens are other texts.
    private func prompt(of key: RunKey) -> String? {
        guard let model = state.model, key.isOfModel(withIdentity: model.identity), key.tokens.allSatisfy(model.tokenizer.contains) else { return nil }
        return model.tokenizer.decode(key.tokens)
    }
}

package struct StoreReport: Sendable {
    package struct Run: Sendable {
        /// Nil for one of another model than the loaded one.
        package let prompt: String?
        /// How many; nil if the file does not say.
        package let tokens: Int?
        package let bytes: Int
        /// In seconds, since it was stored or last used.
        package let age: Double
    }
    /// Nil where nothing is stored on disk.
    package let folder: String?
    /// The ones used last, the newest first.
    package let runs: [Run]
    /// Of all.
    package let count: Int
    package let bytes: Int
    package let limitBytes: Int
    /// Why nothing is stored, where that is so.
    package let notices: [String]
}

/// What went.
package struct ClearedStore: Sendable {
    package let count: Int
    package let bytes: Int
    package let notices: [String]
}
