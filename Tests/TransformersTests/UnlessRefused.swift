import Checkpoints
import Transformers

/// What a config or a checkpoint gives; nil where it is refused.
func unlessRefused<Answer>(_ body: () throws -> Answer) throws -> Answer? {
    do {
        return try body()
    } catch is ModelError {
        return nil
    } catch is CheckpointError {
        return nil
    }
}
