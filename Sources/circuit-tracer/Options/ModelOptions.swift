internal import ArgumentParser

/// Which model and transcoder set, as the reference names them.
struct ModelOptions: ParsableArguments {
    @Option(
        name: [.short, .customLong("transcoder_set"), .customLong("transcoder-set")],
        help: "The transcoder set: a folder or a hub name, org/name or org/name@revision.", completion: .directory)
    var transcoderSet: String

    @Option(
        name: [.short, .long], help: "The model: a folder or a hub name. By default the model that the transcoder set names.", completion: .directory)
    var model: String?

    @OptionGroup var downloads: DownloadOptions
}
