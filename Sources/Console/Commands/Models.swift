import Workbench

extension Command {
    static let models = Command(
        "models", group: .model, summary: "List the models and transcoder sets on this machine",
        detail: """
            The bundled ones and those in the hub cache. Nothing is downloaded.
            """,
        json: [
            JSONKey("models", "array of objects with `name`, `kind` (`model` or `transcoders`), `made_for`, `loaded`, `folder`")
        ],
        action: .session { _, context in
            let listings = try await context.session.models()
            return Output([
                .table(
                    Table(
                        "models",
                        [.name("name"), .left("kind"), .name("made_for", "made for"), .left("loaded"), .volatile("folder")],
                        rows: listings.map { listing in
                            [
                                .text(listing.name), .text(listing.kind.rawValue), .optional(listing.madeFor),
                                .flag(listing.isLoaded), .text(listing.folder),
                            ]
                        }))
            ])
        })
}
