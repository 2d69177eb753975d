internal import Replacement
internal import Workbench

/// The session as the page sees it.
struct SessionAnswer: Encodable {
    struct Token: Encodable {
        let id: Int
        let token: String
        let logit: Float
        let probability: Float
        let rank: Int

        init(_ score: TokenScore) {
            (id, token) = (score.token.id, score.token.text)
            (logit, probability, rank) = (score.logit, score.probability, score.rank)
        }
    }

    struct Intervention: Encodable {
        struct Change: Encodable {
            let position: Int
            let token: String
            let old: Float
            /// `null` if it is too large for a number.
            let new: OrNull<Float>
        }

        let selector: String
        let edit: String
        let value: Float
        let isOpenEnded: Bool
        let changes: [Change]

        init(_ row: InterventionRow) {
            selector = "\(row.selector)"
            (edit, value) =
                switch row.edit {
                case .set(let value): ("set", value)
                case .zero: ("set", 0)
                case .scale(let factor): ("scale", factor)
                case .add(let amount): ("add", amount)
                }
            isOpenEnded = row.isOpenEnded
            changes = row.changes.map { Change(position: $0.position, token: $0.token.text, old: $0.old, new: OrNull($0.new.isFinite ? $0.new : nil)) }
        }
    }

    let revision: Int
    let model: OrNull<String>
    let transcoders: OrNull<String>
    let prompt: OrNull<String>
    let graph: OrNull<String>
    let graphRevision: Int
    let interventions: [Intervention]
    let before: [Token]
    let after: OrNull<[Token]>
    let notices: [String]

    /// - Parameter summary: nil if there is no session, only a folder.
    init(_ summary: SessionSummary?) {
        revision = summary?.revision ?? 0
        model = OrNull(summary?.model)
        transcoders = OrNull(summary?.transcoders)
        prompt = OrNull(summary?.prompt)
        graph = OrNull(summary?.slug)
        graphRevision = summary?.graphRevision ?? 0
        interventions = summary?.interventions.map(Intervention.init) ?? []
        before = summary?.before.map(Token.init) ?? []
        after = OrNull(summary?.after?.map(Token.init))
        notices = summary?.notices ?? []
    }
}
