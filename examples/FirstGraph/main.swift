// The attribution graph of one prompt, from files to the strongest chain's first link. Run in the repository:
//
//     swift run -c release FirstGraph "Fact: the capital of the state containing Dallas is"

import Attribution
import Foundation
import Graphs
import Replacement
import Tensors
import Tokenization
import Transcoders
import Transformers

let atlas = URL(filePath: "examples/atlas")
let text = CommandLine.arguments.dropFirst().first ?? "Fact: the capital of the state containing Dallas is"

// A model folder as from the Hugging Face hub, and its transcoders.
let decoder = try Decoder(folder: atlas.appending(path: "model"))
let transcoders = try TranscoderSet(folder: atlas.appending(path: "plt"))
let model = try ReplacementModel(decoder: decoder, transcoders: transcoders)
let tokenizer = try Tokenizer(
    TokenizerFiles(
        tokenizer: Data(contentsOf: atlas.appending(path: "model/tokenizer.json")),
        config: Data(contentsOf: atlas.appending(path: "model/tokenizer_config.json"))))

// Run the prompt once and freeze what it fixed.
let tokens = try tokenizer.encodePrompt(text)
let local = try model.localized(tokens)
let last = tokens.count - 1
let logits = model.decoder.logits(of: local.record, positions: last..<last + 1).elements

// Explain the likeliest next tokens by every active feature.
let options = AttributionOptions()
let targets = AttributionTargets.tokens(
    AttributionTargets.salientTokens(logits, desiredProbability: options.desiredLogitProbability, maxCount: options.maxLogits),
    logits: logits, unembedding: Unembedding(decoder.weights.unembedding), text: tokenizer.text(of:))
let spec = decoder.spec
let graph = try AttributionEngine(local).graph(
    of: targets, options: options, prompt: tokenizer.decode(tokens),
    origin: GraphOrigin(
        model: "atlas", scan: "atlas/plt", architecture: spec.architecture, layers: spec.layers.count, width: spec.width,
        heads: spec.layers[0].attention.heads, keyValueHeads: spec.layers[0].attention.keyValueHeads,
        headWidth: spec.layers[0].attention.headWidth, mlpWidth: spec.layers[0].mlp.width, vocabulary: spec.vocabulary,
        tokenizerSize: tokenizer.vocabularySize))

let influence = GraphInfluence(graph)
let scores = GraphScores(graph, influence: influence)
print("\(graph.prompt) ->\(graph.targets[0].text) (p = \(graph.targets[0].weight))")
print("\(graph.index.count) nodes, replacement score \(scores.replacement), completeness score \(scores.completeness)")
for node in Array(influence.sources[..<graph.index.features]).indicesOfLargest(10) {
    let site = graph.site(ofFeatureNode: node)
    print("\(site) at \"\(tokenizer.text(of: tokens[site.position]))\": influence \(influence.sources[node])")
}
