// Tests a circuit: switches off the features that matter most to the answer and looks at what the model says then.
// Run in the repository:
//
//     swift run -c release FirstIntervention "Fact: the capital of the state containing Dallas is"

import Graphs
import Replacement
import Workbench

let text = CommandLine.arguments.dropFirst().first ?? "Fact: the capital of the state containing Dallas is"

// A session is what the console stands on: it holds the model, the prompt, its graph and the interventions in force.
let session = Session()
_ = try await session.load(model: "atlas", transcoders: "atlas/plt")
let prompt = try await session.setPrompt(text)
print("\(text) ->\(prompt.top[0].token.text) (p = \(prompt.top[0].probability))")

_ = try await session.attribute()
let features = try await session.features(count: 10, layer: nil, position: nil, order: .influence).rows
let selectors = features.map { FeatureSelector(feature: $0.site.feature, positions: .at($0.site.position)) }
_ = try await session.intervene(selectors.map { InterventionRequest($0, .zero) })

let run = try await session.run(RunOptions(), count: 3)
print("without \(selectors.map(\.description).joined(separator: ", ")):")
for score in run.after { print("   \(score.token.text) (p = \(score.probability))") }
print("KL divergence \(try await session.diff(1).divergence)")
