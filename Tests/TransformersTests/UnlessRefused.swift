import Checkpoints
import Transformers

/// The result of reading a config or a checkpoint; nil if it is refused.
func unlessRefused<Answer>(_ body: () throws -> Answer) throws -> Answer? {
    do {
        return try body()
    } catch is ModelError {
        return nil
    } catch is CheckpointError {
        return nil
    }
}
