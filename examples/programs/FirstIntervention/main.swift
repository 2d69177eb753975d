// Tests a circuit: switches off the features with the most influence on the answer and prints what the model then predicts. Run it
// in examples/programs:
//
//     swift run -c release FirstIntervention "Fact: the capital of the state containing Dallas is"

import CircuitTracing

let prompt = CommandLine.arguments.dropFirst().first ?? "Fact: the capital of the state containing Dallas is"
let model = try TracedModel(transcoders: "../atlas/plt", model: "../atlas/model")

func show(_ title: String, _ run: ForwardRecord) throws {
    print(title)
    for score in try model.nextTokens(after: run) { print("   \(score)") }
}

let features = try model.attribute(prompt).features(10)
let run = try model.intervened(prompt, features.map { Intervention($0.site, .zero) })
try show(prompt, model.localized(prompt).record)
try show("without \(features.map(\.site.description).joined(separator: ", ")):", run.record)
