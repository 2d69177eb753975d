internal import ArgumentParser
internal import Console

/// Whether what is not on this machine is fetched.
struct DownloadOptions: ParsableArguments {
    @Flag(
        name: [.customLong("no-download"), .customLong("no_download")],
        help: "Fail where a model or set is not on this machine. (Otherwise it is fetched from the hub: at a terminal after a question, elsewhere at once.)")
    var noDownload = false

    var policy: DownloadPolicy { noDownload ? .refuse : .usual }
}
