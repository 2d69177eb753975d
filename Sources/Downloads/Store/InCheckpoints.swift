internal import Checkpoints

/// Lets an error about a file of the cache pass as one about a download.
func inCheckpoints<Result>(_ body: () throws(CheckpointError) -> Result) throws(DownloadError) -> Result {
    do throws(CheckpointError) { return try body() } catch { throw .checkpoint(error) }
}
