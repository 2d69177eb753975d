internal import Checkpoints

/// Turns an error about a file of the cache into one about a download.
func inCheckpoints<Result>(_ body: () throws(CheckpointError) -> Result) throws(DownloadError) -> Result {
    do throws(CheckpointError) { return try body() } catch { throw .checkpoint(error) }
}
