internal import JSON

/// What the reference took for a shape's steps: the line that `Tools/time_reference.py` prints.
package struct ReferenceTimes: Sendable, Equatable {
    /// A step that we take too, under the same name.
    package struct Time: Sendable, Equatable {
        package let step: String
        package let seconds: Double
    }

    package let times: [Time]

    /// What is asked of the script.
    package struct Request: Sendable {
        let shape: Shape
        let tokens: Int
        let nodes: Int
        package let batch: Int

        /// The prompts of a bench's first part.
        package init(_ shape: Shape, _ part: ShapeBench.Part, batch: Int) {
            (self.shape, tokens, nodes, self.batch) = (shape, part.tokens, part.nodes, batch)
        }

        /// The script's arguments.
        package func arguments(model: String, set: String) -> [String] {
            let ids = shape.tokens(tokens).map(String.init).joined(separator: ",")
            let layers = shape.changedLayers.map(String.init).joined(separator: ",")
            return [model, set, "--tokens", ids, "--nodes", "\(nodes)", "--batch", "\(batch)", "--layers", layers]
        }
    }

    /// - Parameter line: the script's last one.
    /// - Returns: nil for anything else.
    package init?(_ line: String, _ request: Request) {
        guard let value = try? JSONValue(parsing: Array(line.utf8)), case .object(let members) = value else { return nil }
        var times: [Time] = []
        func add(_ key: String, _ step: String) {
            if let number = members[key]?.asNumber { times.append(Time(step: step, seconds: number)) }
        }
        add("load", ShapeBench.loadStep)
        add("activations", ShapeBench.forwardStep(request.tokens))
        for layer in request.shape.changedLayers {
            add("intervention_\(layer)", ShapeBench.interventionStep(layer))
        }
        add("attribution", ShapeBench.attributionStep(nodes: request.nodes, batch: request.batch))
        guard !times.isEmpty else { return nil }
        self.times = times
    }
}
