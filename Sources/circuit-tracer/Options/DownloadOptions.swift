internal import ArgumentParser
internal import Console

/// Whether what is not on this machine is fetched.
struct DownloadOptions: ParsableArguments {
    @Flag(
        name: [.customLong("no-download"), .customLong("no_download")],
        help: "Download nothing: a model or set that is not on this machine is an error. (Otherwise it is downloaded; a terminal asks first.)")
    var noDownload = false

    var policy: DownloadPolicy { noDownload ? .refuse : .usual }
}
