// Draws the link graph: functions that turn nodes and links into strokes on a canvas.

import { partOf } from './circuit.js';
import { percent, visible } from './dom.js';
import { share } from './graph.js';
import { isMatch } from './search.js';

const linksShownFaintly = 12000;
const linksShownStrongly = 600;

/** @typedef {import('./link-graph-layout.js').Layout} Layout */
/** @typedef {Object<string, string>} Colours  by their names in the style sheet */

const mostPixels = 8e6;

/** Sizes a canvas for the layout, clears it, and returns its context in CSS pixels; `wanted` is the screen's pixels per CSS pixel. */
export function fitted(canvas, { width, height }, wanted = devicePixelRatio) {
  const scale = Math.min(wanted, 16000 / width, Math.sqrt(mostPixels / (width * height)));
  const [columns, rows] = [Math.round(width * scale), Math.round(height * scale)];
  const context = canvas.getContext('2d');
  if (canvas.width !== columns || canvas.height !== rows) {
    [canvas.width, canvas.height] = [columns, rows];
    [canvas.style.width, canvas.style.height] = [`${width}px`, `${height}px`];
  }
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

export function readColours(host) {
  const style = getComputedStyle(host);
  const names = ['ink', 'muted', 'line', 'band', 'surface', 'positive', 'negative', 'accent', 'match'];
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`)]));
}

export function drawBackdrop(context, graph, layout, colours) {
  context.fillStyle = colours.band;
  for (const row of [0, graph.layers + 1]) context.fillRect(0, layout.rows[row] - layout.rowHeight / 2, layout.width, layout.rowHeight);
  context.fillStyle = colours.line;
  for (const { left } of layout.columns.slice(1)) context.fillRect(left - 0.5, layout.rows.at(-1) + layout.rowHeight / 2, 1, layout.height);
  const faint = strongestLinks(graph, linksShownFaintly);
  context.lineWidth = 0.6;
  context.globalAlpha = Math.min(0.3, 6 / Math.sqrt(faint.length + 1));
  for (const isPositive of [false, true]) {
    context.strokeStyle = isPositive ? colours.positive : colours.negative;
    for (const link of faint) {
      if (graph.weights[link] > 0 !== isPositive) continue;
      context.beginPath();
      context.moveTo(layout.x[graph.sources[link]], layout.y[graph.sources[link]]);
      context.lineTo(layout.x[graph.targets[link]], layout.y[graph.targets[link]]);
      context.stroke();
    }
  }
}

/** The links with the largest shares of their targets, weakest first. */
function strongestLinks(graph, count) {
  const shares = Float32Array.from(graph.weights, (_, link) => share(graph, link));
  const floor = shares.length > count ? shares.slice().sort()[shares.length - count] : 0;
  return Array.from(shares.keys()).filter((link) => shares[link] >= floor).sort((a, b) => shares[a] - shares[b]);
}

const lineWidth = (share) => 0.4 + 5 * Math.sqrt(Math.min(share, 0.5));

/** Strokes links, the strongest last, thus on top. */
export function strokeLinks(context, layout, graph, links, colours, alpha) {
  context.globalAlpha = alpha;
  for (const link of links) {
    context.strokeStyle = graph.weights[link] > 0 ? colours.positive : colours.negative;
    context.lineWidth = lineWidth(share(graph, link));
    context.beginPath();
    context.moveTo(layout.x[graph.sources[link]], layout.y[graph.sources[link]]);
    context.lineTo(layout.x[graph.targets[link]], layout.y[graph.targets[link]]);
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** The strongest links into and out of nodes, as the link type asks. */
export function linksOf({ graph, annotations: { linkType } }, members) {
  const links = new Set(members.flatMap(({ index }) => [
    ...(linkType === 'output' ? [] : graph.inputs[index]), ...(linkType === 'input' ? [] : graph.outputs[index]),
  ]));
  return [...links].sort((a, b) => share(graph, a) - share(graph, b)).slice(-linksShownStrongly);
}

/** The links of the pinned nodes: into them, out of them, either, or with both ends pinned. */
export function linksOfPinned({ graph, annotations }) {
  const nodes = annotations.pinnedIds.map((key) => graph.byKey.get(key)).filter(Boolean);
  const links = linksOf({ graph, annotations }, nodes);
  if (annotations.linkType !== 'both') return links;
  const pinned = new Set(nodes.map((node) => node.index));
  return links.filter((link) => pinned.has(graph.sources[link]) && pinned.has(graph.targets[link]));
}

/** For each node, the signed strength, up to 1, of its strongest link with the shown node. */
export function linkWeights({ inputs, outputs }) {
  const weights = new Map();
  for (const { node, weight, share } of [...inputs, ...outputs]) {
    const strength = Math.sign(weight) * Math.min(1, Math.sqrt(share) * 1.6);
    if (Math.abs(strength) > Math.abs(weights.get(node.index) ?? 0)) weights.set(node.index, strength);
  }
  return weights;
}

export function drawNodes(context, layout, state, weights, colours) {
  const { graph, annotations, hovered, selected, focused, query, grouping } = state;
  const pinned = new Set(annotations.pinnedIds);
  const shown = new Set([hovered, selected].flatMap((ref) => partOf(graph, annotations, ref)?.members ?? []));
  const collected = new Set((grouping ?? []).flatMap((ref) => partOf(graph, annotations, ref)?.members ?? []));
  for (const node of graph.nodes) {
    const [x, y] = [layout.x[node.index], layout.y[node.index]];
    const strength = weights?.get(node.index) ?? 0;
    const isSet = pinned.has(node.key) || shown.has(node);
    const radius = layout.radius[node.index] * (weights && !isSet ? 0.75 + 0.5 * Math.abs(strength) : 1);
    if (query && isMatch(state, node)) ring(context, node.kind, x, y, radius + 3, colours.match, 4);
    context.globalAlpha = weights && strength === 0 && !isSet ? 0.35 : 1;
    shape(context, node.kind, x, y, radius);
    context.fillStyle = colours.surface;
    context.fill();
    if (strength !== 0) {
      context.globalAlpha = 0.15 + 0.85 * Math.abs(strength);
      context.fillStyle = strength > 0 ? colours.positive : colours.negative;
      context.fill();
      context.globalAlpha = 1;
    }
    context.strokeStyle = pinned.has(node.key) ? colours.ink : colours.muted;
    context.lineWidth = pinned.has(node.key) ? 2.2 : 0.8;
    context.stroke();
    context.globalAlpha = 1;
    if (shown.has(node) || collected.has(node)) ring(context, node.kind, x, y, radius + 2.5, colours.accent, 2);
    if (node.key === focused) ring(context, 'feature', x, y, radius + 6, colours.accent, 1.2);
  }
}

/** Circles for features, diamonds for errors, squares for tokens and logits. */
function shape(context, kind, x, y, radius) {
  context.beginPath();
  if (kind === 'feature') {
    context.arc(x, y, radius, 0, 2 * Math.PI);
  } else if (kind === 'error') {
    context.moveTo(x, y - radius * 1.2);
    context.lineTo(x + radius * 1.2, y);
    context.lineTo(x, y + radius * 1.2);
    context.lineTo(x - radius * 1.2, y);
    context.closePath();
  } else {
    context.rect(x - radius * 0.9, y - radius * 0.9, radius * 1.8, radius * 1.8);
  }
}

function ring(context, kind, x, y, radius, colour, width) {
  shape(context, kind, x, y, radius);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
}

const longestName = 16;

/** A logit's caption: its token and its probability. */
export function logitName(node) {
  const token = node.token.length > longestName ? `${node.token.slice(0, longestName - 1)}…` : node.token;
  return `${visible(token)} ${percent(node.probability)}`;
}

/** Writes along a slope that rises to the right. */
export function drawLogitNames(context, layout, graph, colours) {
  context.fillStyle = colours.ink;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const node of graph.nodes) {
    if (node.kind !== 'logit') continue;
    context.save();
    context.translate(layout.x[node.index], layout.y[node.index] - layout.radius[node.index] - 4);
    context.rotate(Math.PI / 4);
    context.fillText(logitName(node), 0, 0);
    context.restore();
  }
}
