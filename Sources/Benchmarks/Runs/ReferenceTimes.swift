internal import JSON

/// What the reference took for a shape's steps: the line that `Tools/time_reference.py` prints.
package struct ReferenceTimes: Sendable, Equatable {
    /// A step that we take too, under the same name.
    package struct Time: Sendable, Equatable {
        package let step: String
        package let seconds: Double
    }

    package let times: [Time]
    /// How many features were active, which must be as many as ours.
    package let features: Int?

    /// What is asked of the script.
    package struct Request: Sendable {
        let shape: Shape
        package let tokens: Int
        let nodes: Int

        /// The prompts of a bench's first part.
        package init(_ shape: Shape, _ part: ShapeBench.Part) { (self.shape, tokens, nodes) = (shape, part.tokens, part.nodes) }

        /// The script's arguments.
        package func arguments(model: String, set: String) -> [String] {
            func list(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: ",") }
            return [
                model, set, "--tokens", list(shape.tokens(tokens)), "--nodes", "\(nodes)", "--batches", list(ShapeBench.batches),
                "--layers", list(shape.changedLayers),
            ]
        }
    }

    /// - Parameter line: the script's last one.
    /// - Returns: nil for anything else.
    package init?(_ line: String, _ request: Request) {
        guard let value = try? JSONValue(parsing: Array(line.utf8)), case .object(let members) = value else { return nil }
        let steps =
            [("load", ShapeBench.loadStep), ("activations", ShapeBench.forwardStep(request.tokens))]
            + request.shape.changedLayers.map { ("intervention_\($0)", ShapeBench.interventionStep($0)) }
            + ShapeBench.batches.map { ("attribution_\($0)", ShapeBench.attributionStep(nodes: request.nodes, batch: $0)) }
        times = steps.compactMap { key, step in members[key]?.asNumber.map { Time(step: step, seconds: $0) } }
        features = members["features"]?.asNumber.map { Int($0) }
        if times.isEmpty { return nil }
    }
}
