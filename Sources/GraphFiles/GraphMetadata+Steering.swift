package import Graphs
internal import JSON

/// The interventions of a steered graph, among the settings that it was made with (`generation_settings`), where the public format has room for
/// a writer's own.
extension GraphMetadata {
    private enum Key {
        static let settings = "generation_settings"
        static let interventions = "interventions"
        static let freezesAttention = "freeze_attention"
        static let constrainedLayers = "constrained_layers"
    }

    /// nil for the graph of a plain run.
    package internal(set) var steering: GraphSteering? {
        get {
            guard case .object(let settings) = otherMembers[Key.settings],
                let texts = settings[Key.interventions]?.elements({ value -> String? in if case .string(let text) = value { text } else { nil } })
            else { return nil }
            let bounds = settings[Key.constrainedLayers]?.elements { value -> Int? in if case .integer(let number) = value { number } else { nil } }
            let isRange = bounds.map { $0.count == 2 && $0[0] <= $0[1] } ?? false
            return GraphSteering(
                interventions: texts, freezesAttention: settings[Key.freezesAttention] != .bool(false),
                constrainedLayers: isRange ? bounds![0]..<bounds![1] : nil)
        }
        set {
            guard let newValue else { return }
            var settings: [String: JSONValue] = if case .object(let settings) = otherMembers[Key.settings] { settings } else { [:] }
            settings[Key.interventions] = .array(newValue.interventions.map(JSONValue.string))
            settings[Key.freezesAttention] = .bool(newValue.freezesAttention)
            settings[Key.constrainedLayers] = newValue.constrainedLayers.map { .array([.integer($0.lowerBound), .integer($0.upperBound)]) }
            otherMembers[Key.settings] = .object(settings)
        }
    }
}
