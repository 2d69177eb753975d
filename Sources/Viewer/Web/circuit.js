// The pinned nodes as a small graph of their own: supernodes replace their members, and their links are means of the members'.

import { labelOf } from './annotations.js';
import { visible } from './dom.js';

/**
 * @typedef {Object} Part
 * @property {string} ref       a node's key, or `supernode:` and its first member's key
 * @property {string} title
 * @property {import('./graph.js').GraphNode[]} members
 * @property {string[]} keys    the members' keys as saved, including those that this graph does not show
 * @property {boolean} isGroup
 * @property {number} row       mean of the members'
 * @property {number} position
 */

/** @typedef {{source: Part, target: Part, weight: number, share: number}} PartLink  `share` is the weight without its sign */

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

function part(ref, title, members, keys, isGroup) {
  const [row, position] = ['row', 'position'].map((name) => mean(members.map((node) => node[name])));
  return { ref, title, members, keys, isGroup, row, position };
}

/** A node's short name: its label, its token, or its name. */
export function titleOf(annotations, node) {
  if (node.kind === 'token' || node.kind === 'logit') return `“${visible(node.token)}”`;
  return labelOf(annotations, node) || node.name;
}

const isGroupRef = (ref) => ref.startsWith('supernode:');

/** @returns {Part[]} */
export function parts(graph, annotations) {
  const pinned = new Set(annotations.pinnedIds);
  const taken = new Set();
  const groups = annotations.supernodes.flatMap(([name, ...keys]) => {
    const members = keys.filter((key) => pinned.has(key) && !taken.has(key)).map((key) => graph.byKey.get(key)).filter(Boolean);
    members.forEach((node) => taken.add(node.key));
    return members.length ? [part(`supernode:${keys[0]}`, name, members, keys, true)] : [];
  });
  const single = graph.nodes
    .filter((node) => pinned.has(node.key) && !taken.has(node.key))
    .map((node) => part(node.key, titleOf(annotations, node), [node], [node.key], false));
  return [...single, ...groups];
}

/** The part that `ref` names, pinned or not; null if this graph does not show it. @returns {Part|null} */
export function partOf(graph, annotations, ref) {
  if (!graph || !ref) return null;
  if (isGroupRef(ref)) return parts(graph, annotations).find((candidate) => candidate.ref === ref) ?? null;
  const node = graph.byKey.get(ref);
  return node ? part(ref, titleOf(annotations, node), [node], [ref], false) : null;
}

/**
 * A link's weight is a share of what its target receives, -1 to 1. Of a supernode's members, each counts by how much of its input comes from
 * outside the supernode.
 * @returns {PartLink[]} weakest first, so that the strongest are drawn on top
 */
export function partLinks(graph, allParts) {
  const owner = new Map(allParts.flatMap((each) => each.members.map((node) => [node.index, each])));
  return allParts.flatMap((target) => inputsOf(graph, target, owner)).sort((a, b) => a.share - b.share);
}

function inputsOf(graph, target, owner) {
  const members = target.members.map(({ index }) => {
    const inputs = graph.inputs[index].map((link) => ({ from: owner.get(graph.sources[link]), weight: graph.weights[link] }));
    const inside = inputs.reduce((sum, { from, weight }) => sum + (from === target ? Math.abs(weight) : 0), 0);
    const all = graph.received[index];
    return { inputs, outside: Math.max(all - inside, 0), share: all > 0 ? Math.max(all - inside, 0) / all : 0 };
  });
  const shares = members.reduce((sum, { share }) => sum + share, 0);
  const weights = new Map();
  for (const { inputs, outside, share } of members) {
    for (const { from, weight } of inputs) {
      if (from && from !== target && outside > 0) weights.set(from, (weights.get(from) ?? 0) + weight / outside * share / shares);
    }
  }
  return [...weights].map(([source, weight]) => ({ source, target, weight, share: Math.abs(weight) }));
}
