// Computes the attribution graph of a prompt and prints the features with the most influence on the answer. Run it in
// examples/programs:
//
//     swift run -c release FirstGraph "Fact: the capital of the state containing Dallas is"

import CircuitTracing

let prompt = CommandLine.arguments.dropFirst().first ?? "Fact: the capital of the state containing Dallas is"

// The folders of a transcoder set and its model, or their names on the Hugging Face hub. The model may be left out if the set's
// config names it.
let model = try TracedModel(transcoders: "../atlas/plt", model: "../atlas/model")
let graph = try model.attribute(prompt)

let scores = GraphScores(graph, influence: GraphInfluence(graph))
print("\(graph.prompt) ->\(graph.targets[0].text) (p = \(graph.targets[0].weight))")
print("\(graph.index.count) nodes, replacement score \(scores.replacement), completeness score \(scores.completeness)")
for feature in graph.features(10) {
    print("\(feature) at \"\(model.tokenizer.text(of: graph.tokens[feature.site.position]))\"")
}
