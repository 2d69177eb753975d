// The figure of the circuit as files: an SVG that the server draws, and a picture of it.

import { fetchFigure } from './api.js';
import { h, typed } from './dom.js';
import { settlingAfter } from './settling.js';
import { shownTheme } from './theme.js';

const outputsShown = 5;
const targetsShown = 3;
/** Pixels for each unit of the figure, and at most for a side. */
const scale = 3;
const longestSide = 8000;

/**
 * What the figure shows, as `POST /api/figure` takes it.
 * @param {import('./state.js').State} state
 * @param {import('./circuit.js').Part[]} parts
 * @param {import('./circuit.js').PartLink[]} links
 * @param {(part: import('./circuit.js').Part) => string} note   the second line of a part's card
 */
function figureOf({ graph, slug, session }, parts, links, note) {
  const number = new Map(parts.map((part, index) => [part, index]));
  return {
    prompt: typed(graph.tokens.join('')),
    target: targetsOf(graph),
    outputs: session?.graph === slug ? sessionOutputs(session) : graphOutputs(graph),
    cards: parts.map((part) => ({
      name: nameOf(part), kind: part.isGroup ? 'supernode' : part.members[0].kind, note: note(part), layer: part.row, position: part.position,
      features: part.members.filter((node) => node.kind === 'feature').map((node) => node.name),
    })),
    links: links.map(({ source, target, weight }) => ({ source: number.get(source), target: number.get(target), weight })),
  };
}

const quoted = (node) => `“${node.token}”`;

/** Tokens as they are: the page marks their spaces, the figure does not. */
const nameOf = ({ isGroup, title, members: [node] }) => (!isGroup && (node.kind === 'token' || node.kind === 'logit') ? quoted(node) : title);

/** What the graph explains, the first of it. */
function targetsOf(graph) {
  const names = graph.nodes.filter((node) => node.kind === 'logit').map(quoted);
  const rest = names.length - targetsShown;
  return names.slice(0, targetsShown).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

/** The most likely tokens, after the interventions if there are any; then the first of before, too. */
function sessionOutputs({ before, after }) {
  const likely = after ? [...after.slice(0, outputsShown), ...before.slice(0, 1)] : before.slice(0, outputsShown);
  const tokens = new Map(likely.map(({ id, token }) => [id, token]));
  const probability = (list, id) => list?.find((each) => each.id === id)?.probability;
  return [...tokens].map(([id, token]) => ({ token, before: probability(before, id), after: probability(after, id) }));
}

const graphOutputs = (graph) => graph.nodes.filter((node) => node.kind === 'logit' && node.probability > 0).slice(0, outputsShown)
  .map((node) => ({ token: node.token, before: node.probability }));

/** @param {'svg'|'png'} kind */
export async function downloadFigure(kind, state, parts, links, note) {
  const text = await fetchFigure(state.slug, figureOf(state, parts, links, note), shownTheme());
  const blob = kind === 'svg' ? new Blob([text], { type: 'image/svg+xml' }) : await settlingAfter(picture(text));
  const url = URL.createObjectURL(blob);
  h('a', { href: url, download: `${state.slug}.${kind}` }).click();
  URL.revokeObjectURL(url);
}

/** @returns {Promise<Blob>} a PNG */
async function picture(text) {
  const image = new Image();
  // The page's policy allows data in images, but no blobs.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const factor = Math.min(scale, longestSide / Math.max(image.naturalWidth, image.naturalHeight));
  const canvas = h('canvas', { width: Math.round(image.naturalWidth * factor), height: Math.round(image.naturalHeight * factor) });
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => { canvas.toBlob(resolve, 'image/png'); });
}
