// The pinned nodes as a small graph of their own: supernodes replace their members, and their edges are sums of the members'.

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

/** @typedef {{source: Part, target: Part, weight: number, share: number}} PartLink */

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

/** @returns {PartLink[]} weakest first, so that the strongest are drawn on top */
export function partLinks(graph, allParts) {
  const owner = new Map(allParts.flatMap((each) => each.members.map((node) => [node.index, each])));
  const sums = new Map();
  for (const [target, to] of owner) {
    for (const link of graph.inputs[target]) {
      const from = owner.get(graph.sources[link]);
      if (!from || from === to) continue;
      const key = `${from.ref} ${to.ref}`;
      sums.set(key, { source: from, target: to, weight: (sums.get(key)?.weight ?? 0) + graph.weights[link] });
    }
  }
  return [...sums.values()]
    .map((link) => ({ ...link, share: Math.abs(link.weight) / (receivedBy(graph, link.target) || 1) }))
    .sort((a, b) => a.share - b.share);
}

const receivedBy = (graph, { members }) => members.reduce((sum, node) => sum + graph.received[node.index], 0);
