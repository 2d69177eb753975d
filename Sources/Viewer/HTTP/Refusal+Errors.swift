internal import Checkpoints
internal import GraphFiles
internal import Replacement
internal import Transformers
internal import Workbench

extension Responder {
    /// The answer for an error.
    func refusal(of error: any Error) -> Refusal {
        switch error {
        case let refusal as Refusal: refusal
        case let error as GraphFolderError:
            switch error {
            case .slug: Refusal(status: 400, description: "\(error)")
            case .noGraph: Refusal(status: 404, description: "\(error)")
            case .conflict: Refusal(status: 409, description: "\(error)")
            case .locked: Refusal(status: 503, description: "\(error)")
            }
        // Another program's file that is not a complete graph.
        case let fault as DocumentFault: Refusal(status: 422, description: "The graph \(fault)")
        // A link or a pipe instead of a graph: nobody may read it here.
        case CheckpointError.notRegular: Refusal(status: 403, description: "\(error)")
        case is OtherGraphError: Refusal(status: 409, description: "\(error)")
        // Something that the session cannot do.
        case is SessionError, is ReplacementError, is ModelError: Refusal(status: 422, description: "\(error)")
        case is CancellationError: Refusal(status: 503, description: "The server is stopping.")
        default: Refusal(status: 500, description: "\(error)")
        }
    }
}
