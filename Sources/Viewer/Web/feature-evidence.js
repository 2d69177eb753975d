// What is known about a feature, as elements: where it fires on the prompt, what it raises, what else makes it fire.

import { button, h, number, percent, replace, signed, span, svg, visible } from './dom.js';

const examplesAtFirst = 4;
const firingsShown = 8;
const tokensBefore = 24;
const tokensAfter = 10;

const titled = (title, ...children) => h('div', {}, h('h3', {}, title), ...children);
const clamp = (value) => Math.max(0, Math.min(1, value));

/**
 * @param {string[]} tokens
 * @param {{position: number, activation: number}[]} firings
 * @param {number} here   the position of the shown node
 */
export function firingsOnPrompt(tokens, firings, here) {
  const most = Math.max(...firings.map((firing) => firing.activation), 1e-9);
  const at = new Map(firings.map((firing) => [firing.position, firing.activation]));
  const strongest = [...firings].sort((a, b) => b.activation - a.activation).slice(0, firingsShown);
  return titled('On this prompt',
    h('p', { class: 'tokens' }, tokens.map((token, position) => shaded(token, at.get(position) ?? 0, most, position === here))),
    h('ol', { class: 'bars' }, strongest.map(({ position, activation }) => h('li', { style: { '--share': `${100 * activation / most}%` } },
      span('bar-name', `${position} ${visible(tokens[position])}`), span('bar'), span('weight', number(activation))))));
}

const shaded = (token, activation, most, isHere = false) => h('span', {
  class: isHere ? 'here' : null, title: activation ? number(activation) : null,
  style: { '--strength': `${Math.round(50 * clamp(activation / most))}%` },
}, token.replaceAll('\n', '⏎'));

/** @param {{top: {token: string, logit: number}[], bottom: {token: string, logit: number}[]}} answer */
export function logitEffects({ top, bottom }) {
  if (top.length + bottom.length === 0) {
    return h('p', { class: 'hint' }, 'The tokens that it raises and lowers directly are shown if a model is working on this graph, or if they are stored with its examples.');
  }
  const row = ({ token, logit }) => h('li', {}, span('grow', visible(token)), Number.isFinite(logit) && span('weight', signed(logit)));
  const list = (title, rows) => titled(title, h('ol', { class: 'logits' }, rows.map(row)));
  const isStored = [...top, ...bottom].every(({ logit }) => logit === null);
  return h('div', {}, h('div', { class: 'two' }, list('Raises', top), list('Lowers', bottom)),
    isStored && h('p', { class: 'hint' }, 'As stored with its examples; the session computes this when the model is loaded.'));
}

/**
 * @param {Object|null} evidence   a feature's record
 * @param {string[]} faults        why records could not be read
 * @param {import('./graph.js').GraphNode} node
 * @param {HTMLElement} effects   what it raises and lowers: less telling than its strongest examples, more than the weaker ones
 */
export function storedEvidence(evidence, faults, node, effects) {
  const troubles = faults.map((fault) => h('p', { class: 'hint' }, fault));
  if (!evidence) {
    return h('div', {}, troubles, effects, h('p', { class: 'hint' },
      `No examples of this feature are here. circuit-tracer download SET --features fetches those that are published with a set; the page also reads features/SCAN/${node.code}.json in the folder of the graphs.`));
  }
  const quantiles = evidence.examples_quantiles;
  const activations = quantiles.flatMap(({ examples }) => examples.flatMap((example) => example.tokens_acts_list));
  // One scale for all, so that a weak example looks weak.
  const most = evidence.act_max > 0 ? evidence.act_max : activations.reduce((a, b) => Math.max(a, b), 1e-9);
  const [first, ...rest] = quantiles.map((each) => quantile(each, most));
  return h('div', {}, troubles, histogram(evidence, node.activation), first, effects, rest);
}

function quantile({ quantile_name: name, examples }, most) {
  const list = h('ul', { class: 'examples' });
  const show = (count) => replace(list, examples.slice(0, count).map((each) => example(each, most)), examples.length > count
    && h('li', {}, button({ onclick: () => show(examples.length) }, `Show ${examples.length - count} more`)));
  show(examplesAtFirst);
  return titled(name, list);
}

/** The example's tokens around its peak. */
function example({ tokens, tokens_acts_list: activations, train_token_ind: peak }, most) {
  const [start, end] = [Math.max(0, peak - tokensBefore), peak + tokensAfter];
  return h('li', { class: 'tokens' }, start > 0 && '…',
    tokens.slice(start, end).map((token, index) => shaded(token, activations[start + index], most)), end < tokens.length && '…');
}

function histogram({ histogram: counts, quantile_values: values, act_min: least = 0, act_max: most = 1, activation_frequency: frequency }, activation) {
  if (!counts?.length) return null;
  const tall = 40;
  const unit = tall / Math.max(...counts.map(Math.log1p), 1e-9);
  const bars = counts.map(Math.log1p).map((size, x) => svg('rect', { x, width: 0.85, y: tall - unit * size, height: unit * size }));
  const here = counts.length * clamp((activation - least) / (most - least || 1));
  const range = `${number(least)} to ${number(most)}`;
  const often = frequency === undefined ? '' : ` It fires on ${percent(frequency)} of tokens.`;
  const place = values.length > 1 ? ` (percentile ${number(percentile(values, activation))})` : '';
  return titled('Activations in the data',
    svg('svg', {
      class: 'histogram', viewBox: `0 0 ${counts.length} ${tall}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': `Histogram from ${range}`,
    }, bars, svg('line', { x1: here, x2: here, y1: 0, y2: tall })),
    h('p', { class: 'hint' }, `${range}, counts on a log scale; the line marks this prompt’s ${number(activation)}${place}.${often}`));
}

/** From 0 to 100, by the first value that is not below the activation. */
function percentile(values, activation) {
  const index = values.findIndex((value) => value >= activation);
  return 100 * (index < 0 ? 1 : index / (values.length - 1));
}
