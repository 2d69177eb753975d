internal import Checkpoints
internal import GraphFiles
internal import Replacement
internal import Transformers
internal import Workbench

extension Responder {
    /// What an error means to whoever asked.
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
        // A file of another writer's that is no graph to compute with.
        case let fault as DocumentFault: Refusal(status: 422, description: "The graph \(fault)")
        // A link or a pipe where a graph should be: not for anybody here.
        case CheckpointError.notRegular: Refusal(status: 403, description: "\(error)")
        case is OtherGraphError: Refusal(status: 409, description: "\(error)")
        // What the session was asked for and cannot do.
        case is SessionError, is ReplacementError, is ModelError: Refusal(status: 422, description: "\(error)")
        case is CancellationError: Refusal(status: 503, description: "The server is stopping.")
        default: Refusal(status: 500, description: "\(error)")
        }
    }
}
