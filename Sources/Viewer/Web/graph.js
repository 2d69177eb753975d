// A served document as a value for views: nodes by key, links by their ends, and each link's share of its target's input.

/** @typedef {'feature'|'error'|'token'|'logit'} Kind */

/**
 * @typedef {Object} GraphNode
 * @property {number} index       its place in `Graph.nodes`
 * @property {string} key         its name in pins, groups and addresses; unique
 * @property {string} id          `node_id` in the file, which an error and a feature may share
 * @property {Kind} kind
 * @property {number} row         -1 for tokens, the layer for features and errors, the number of layers for logits
 * @property {number} position
 * @property {number} feature     its index in the layer; for tokens and logits, the token's id
 * @property {number} code        `feature` in the file (Cantor's pairing of layer and index)
 * @property {string} token       the prompt's token at its position; a logit's own
 * @property {string} name        `20/15589@9`, `error 20@9`, `@9`
 * @property {string} label       as the file has it, '' for none
 * @property {number|null} activation
 * @property {number|null} influence   cumulative share: small is important
 * @property {number} probability  of a logit
 */

/**
 * @typedef {Object} Graph
 * @property {Object} metadata
 * @property {string[]} tokens
 * @property {number} layers
 * @property {GraphNode[]} nodes
 * @property {Map<string, GraphNode>} byKey
 * @property {Int32Array} sources      of each link, as indices of nodes
 * @property {Int32Array} targets
 * @property {Float32Array} weights
 * @property {Float64Array} received   of each node, the sum of its inputs' |weight|: of all, or of those shown if the server has only the file
 * @property {number[][]} inputs       of each node, its links
 * @property {number[][]} outputs
 * @property {{prunes: string, node_threshold: number, edge_threshold: number}} view
 */

const kinds = { embedding: 'token', logit: 'logit', 'mlp reconstruction error': 'error' };

/** @returns {Graph} */
export function readGraph(document) {
  const { metadata, nodes: rawNodes, links, view } = document;
  const layers = layerCount(rawNodes);
  const nodes = rawNodes.map((raw, index) => readNode(raw, index, metadata.prompt_tokens, layers));
  const byKey = uniqueKeys(nodes);
  const sources = Int32Array.from(links, (link) => link.source_index);
  const targets = Int32Array.from(links, (link) => link.target_index);
  const weights = Float32Array.from(links, (link) => link.weight);
  const received = new Float64Array(nodes.length);
  const inputs = nodes.map(() => []);
  const outputs = nodes.map(() => []);
  for (let link = 0; link < links.length; link++) {
    received[targets[link]] += Math.abs(weights[link]);
    inputs[targets[link]].push(link);
    outputs[sources[link]].push(link);
  }
  links.forEach((link, index) => { if (link.share > 0) received[targets[index]] = Math.abs(link.weight) / link.share; });
  return { metadata, tokens: metadata.prompt_tokens, layers, nodes, byKey, sources, targets, weights, received, inputs, outputs, view };
}

/** A logit's layer is the number of layers plus one; without logits, the highest layer decides. */
function layerCount(nodes) {
  const logit = nodes.find((node) => node.feature_type === 'logit');
  return logit ? Number(logit.layer) - 1 : 1 + Math.max(-1, ...nodes.filter((node) => node.layer !== 'E').map((node) => Number(node.layer)));
}

function readNode(raw, index, tokens, layers) {
  const kind = kinds[raw.feature_type] ?? 'feature';
  const row = kind === 'token' ? -1 : kind === 'logit' ? layers : Number(raw.layer);
  const position = raw.ctx_idx;
  const feature = kind === 'error' ? -1 : Number(raw.node_id.split('_')[1]);
  const token = kind === 'logit' ? logitToken(raw.clerp) : tokens[position] ?? '';
  const name = { feature: `${row}/${feature}@${position}`, error: `error ${row}@${position}`, token: `@${position}`, logit: 'output' }[kind];
  return {
    index, key: raw.node_id, id: raw.node_id, kind, row, position, feature, code: raw.feature, token, name,
    label: kind === 'feature' ? raw.clerp ?? '' : '',
    activation: raw.activation ?? null, influence: raw.influence ?? null, probability: raw.token_prob ?? 0,
  };
}

/** `Output " Austin" (p=0.413)` to ` Austin`. */
const logitToken = (text) => /^Output "(.*)" \(p=[^)]*\)$/s.exec(text ?? '')?.[1] ?? text ?? '';

/** An error can have the id of a layer-0 feature; then its key has the newer public form `L_-1_P`. */
function uniqueKeys(nodes) {
  const features = new Set(nodes.filter((node) => node.kind !== 'error').map((node) => node.id));
  for (const node of nodes) if (node.kind === 'error' && features.has(node.id)) node.key = `${node.row}_-1_${node.position}`;
  return new Map(nodes.map((node) => [node.key, node]));
}

/** A link's |weight| as a share of all that its target receives. */
export const share = (graph, link) => Math.abs(graph.weights[link]) / (graph.received[graph.targets[link]] || 1);

/** @typedef {{node: GraphNode, weight: number, share: number}} Connection */

/**
 * The inputs and outputs of `members` taken together (one node, or a supernode's), the largest |weight| first, without links
 * among them. An input's share is of everything that the members receive, an output's of everything that its target receives.
 * @returns {{inputs: Connection[], outputs: Connection[]}}
 */
export function connections(graph, members) {
  const inside = new Set(members.map((node) => node.index));
  const sum = (linksOf, otherEnd) => {
    const weights = new Map();
    for (const index of inside) {
      for (const link of linksOf[index]) {
        const other = otherEnd[link];
        if (!inside.has(other)) weights.set(other, (weights.get(other) ?? 0) + graph.weights[link]);
      }
    }
    return [...weights];
  };
  const received = members.reduce((total, node) => total + graph.received[node.index], 0);
  const ranked = (pairs, whole) => pairs
    .map(([index, weight]) => ({ node: graph.nodes[index], weight, share: Math.abs(weight) / (whole(index) || 1) }))
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  return {
    inputs: ranked(sum(graph.inputs, graph.sources), () => received),
    outputs: ranked(sum(graph.outputs, graph.targets), (index) => graph.received[index]),
  };
}
