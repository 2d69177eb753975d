internal import Downloads
internal import Foundation
internal import Synchronization

/// A hub on loopback, and a second host that it sends those on to who want large files.
package final class LoopbackHub: Sendable {
    private let state: State
    package let hub: LoopbackServer
    package let storage: LoopbackServer

    /// - Parameter repositories: by name; files by path.
    package init(_ repositories: [String: [String: [UInt8]]]) throws {
        let state = State(repositories)
        let storage = try LoopbackServer { state.storageAnswer($0) }
        let address = storage.address
        (self.state, self.storage) = (state, storage)
        hub = try LoopbackServer { state.hubAnswer($0, storage: address) }
    }

    /// Makes it behave otherwise from now on.
    package func change(_ change: (inout Behaviour) -> Void) { state.behaviour.withLock { change(&$0) } }

    /// The files that the hub was asked for, in order, each as often as it was.
    package var fetched: [String] {
        let files = hub.requests.filter { $0.method == "GET" && $0.path.contains("/resolve/") }
        return files.map { request in
            let commitAndPath = request.path.components(separatedBy: "/resolve/")[1].split(separator: "/")
            return commitAndPath.dropFirst().joined(separator: "/")
        }
    }

    package static func commit(of repository: String) -> String { gitHash(Array(repository.utf8)) }

    package struct Behaviour: Sendable {
        package var repositories: [String: [String: [UInt8]]]
        /// Answers in place of the usual ones: the first whose text is in a request's target, as often as it says.
        package var instead: [(text: String, times: Int, answer: ServedAnswer)] = []
        /// Cuts the connection after so many bytes of a large file, so many times.
        package var cuts = (after: 0, times: 0)
        package var knowsRanges = true
        /// 401 for whoever does not send this.
        package var token: String?
        /// Whether large files are on the hub itself, behind a redirect without a host.
        package var storesLargeFiles = false
        /// What happens to large files on the way.
        package var damage: @Sendable ([UInt8]) -> [UInt8] = { $0 }
        /// Whether the listing has sizes and hashes.
        package var listsBlobs = true
        /// Milliseconds between twentieths of a large file.
        package var pause: Int?
    }

    private final class State: Sendable {
        let behaviour: Mutex<Behaviour>

        init(_ repositories: [String: [String: [UInt8]]]) { behaviour = Mutex(Behaviour(repositories: repositories)) }

        func hubAnswer(_ request: ServedRequest, storage: String) -> ServedAnswer {
            if let special = special(request) { return special }
            let behaviour = behaviour.withLock { $0 }
            if let token = behaviour.token, request.headers["authorization"] != "Bearer \(token)" { return ServedAnswer(401) }
            let parts = request.path.split(separator: "/").map(String.init)
            if parts.starts(with: ["api", "models"]) {
                let tail = parts.firstIndex(of: "revision") ?? parts.count
                let repository = parts[2..<tail].joined(separator: "/")
                guard let files = behaviour.repositories[repository] else {
                    return ServedAnswer(404, ["X-Error-Code": "RepoNotFound"])
                }
                return ServedAnswer(body: listing(of: repository, files, behaviour))
            }
            guard let resolve = parts.firstIndex(of: "resolve") else { return storageAnswer(request) }
            let repository = parts[..<resolve].joined(separator: "/")
            let path = parts[(resolve + 2)...].joined(separator: "/")
            guard let content = behaviour.repositories[repository]?[path] else {
                return ServedAnswer(404, ["X-Error-Code": "EntryNotFound"])
            }
            let commit = LoopbackHub.commit(of: repository)
            guard isLarge(content) else {
                return answer(content, request, ["X-Repo-Commit": commit, "ETag": "\"\(gitHash(content))\""], behaviour)
            }
            let place = "/stored/\(repository)/\(path)?signature=secret"
            return ServedAnswer(
                302,
                [
                    "Location": behaviour.storesLargeFiles ? place : storage + place, "X-Repo-Commit": commit,
                    "X-Linked-ETag": "\"\(largeHash(content))\"", "X-Linked-Size": "\(content.count)", "ETag": "\"other\"",
                ])
        }

        func storageAnswer(_ request: ServedRequest) -> ServedAnswer {
            if let special = special(request) { return special }
            let parts = request.path.split(separator: "/").map(String.init)
            let (behaviour, isCut) = behaviour.withLock { behaviour in
                behaviour.cuts.times -= 1
                return (behaviour, behaviour.cuts.times >= 0)
            }
            guard let content = stored(parts.dropFirst().joined(separator: "/"), behaviour) else { return ServedAnswer(404) }
            var answer = answer(behaviour.damage(content), request, ["ETag": "\"of the storage\""], behaviour)
            if isCut { answer.cutAfter = behaviour.cuts.after }
            answer.pause = behaviour.pause
            return answer
        }

        /// The content of `org/name/path`.
        private func stored(_ place: String, _ behaviour: Behaviour) -> [UInt8]? {
            behaviour.repositories.lazy.compactMap { name, files in
                place.hasPrefix(name + "/") ? files[String(place.dropFirst(name.count + 1))] : nil
            }.first
        }

        private func special(_ request: ServedRequest) -> ServedAnswer? {
            behaviour.withLock { behaviour in
                guard let index = behaviour.instead.firstIndex(where: { request.target.contains($0.text) && $0.times > 0 })
                else { return nil }
                behaviour.instead[index].times -= 1
                return behaviour.instead[index].answer
            }
        }

        private func listing(of repository: String, _ files: [String: [UInt8]], _ behaviour: Behaviour) -> [UInt8] {
            let siblings = files.map { path, content -> [String: Any] in
                var entry: [String: Any] = ["rfilename": path]
                if behaviour.listsBlobs {
                    entry["size"] = content.count
                    entry["blobId"] = gitHash(content)
                    if isLarge(content) { entry["lfs"] = ["sha256": largeHash(content), "size": content.count, "pointerSize": 130] }
                }
                return entry
            }
            let answer: [String: Any] = ["id": repository, "sha": LoopbackHub.commit(of: repository), "siblings": siblings]
            return try! Array(JSONSerialization.data(withJSONObject: answer))
        }

        private func answer(
            _ content: [UInt8], _ request: ServedRequest, _ headers: KeyValuePairs<String, String>, _ behaviour: Behaviour
        ) -> ServedAnswer {
            var answer = ServedAnswer(200, headers, body: content)
            guard behaviour.knowsRanges, let start = request.start else { return answer }
            guard start < content.count else { return ServedAnswer(416) }
            answer.status = 206
            answer.headers.append(("Content-Range", "bytes \(start)-\(content.count - 1)/\(content.count)"))
            answer.body = Array(content[start...])
            return answer
        }

        private func isLarge(_ content: [UInt8]) -> Bool { content.count >= 1000 }
    }
}

package func gitHash(_ content: [UInt8]) -> String {
    var hash = ContentHash(.sha1)
    hash.update("blob \(content.count)\0")
    content.withUnsafeBytes { hash.update($0) }
    return hash.finished()
}

package func largeHash(_ content: [UInt8]) -> String {
    var hash = ContentHash(.sha256)
    content.withUnsafeBytes { hash.update($0) }
    return hash.finished()
}
