import Foundation
import TestSupport
import Workbench

extension SessionEnvironment {
    /// The fixtures' hub and the bundled model, and no store on disk but the one given.
    static func test(cache: URL?) -> SessionEnvironment {
        SessionEnvironment(
            hub: Fixtures.hub, bundled: Fixtures.root.appending(path: "examples/atlas"), cache: cache, home: "/nowhere")
    }
}
