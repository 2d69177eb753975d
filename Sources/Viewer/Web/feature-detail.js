// Feature detail: a node's name and facts and, for a feature, what is known about it.

import { RequestError, fetchFeature } from './api.js';
import { labelOf } from './annotations.js';
import { partOf, titleOf } from './circuit.js';
import { button, debounce, h, mark, number, percent, replace, span, textEditor, visible } from './dom.js';
import { firingsOnPrompt, logitEffects, storedEvidence } from './feature-evidence.js';
import { isSuggested, nameIn, nameOf } from './names.js';
import { changed } from './state.js';
import { sayingWhy } from './waiting.js';

/** @typedef {import('./graph.js').GraphNode} GraphNode */

const meanings = {
  error: 'The part of this layer’s MLP output here that the transcoder does not explain. Its inputs are not known.',
  token: 'The token’s embedding, where attribution ends.',
  logit: 'One of the outputs that the graph explains.',
};

/**
 * @param {HTMLElement} host
 * @param {import('./actions.js').Actions} actions
 */
export function createFeatureDetail(host, actions) {
  const head = h('div', {});
  const body = h('div', {});
  host.append(h('div', { class: 'heading' }, h('h2', {}, 'Feature')), head, body);

  /** @type {import('./state.js').State} */
  let state = null;
  /** Answers by graph and feature, or the error as a sentence. @type {Map<string, Object|string>} */
  const answers = new Map();
  const address = (node) => `${state.slug} ${node.row}/${node.feature}`;

  /** While a label is being edited its node stays, wherever the pointer is. */
  const shownRef = ({ editing, hovered, selected }) => editing ?? hovered ?? selected;
  const shownNode = () => state.graph.byKey.get(shownRef(state));

  /** Waits, so that a pointer that sweeps over many nodes requests none of them. */
  const renderSoon = debounce(50, render);

  let asking = new AbortController();
  /** What the last request that takes long waits for. @type {{key: string|null, words: HTMLElement[]}} */
  let waiting = { key: null, words: [] };

  /** One request at a time: a browser has few connections to a server, and saving needs one as well. */
  const request = debounce(60, async () => {
    asking.abort();
    asking = new AbortController();
    const node = shownNode();
    if (node?.kind !== 'feature' || answers.has(address(node))) return;
    const key = address(node);
    try {
      const answer = await sayingWhy(fetchFeature(node.row, node.feature, state.slug, asking.signal), (words) => {
        waiting = { key, words };
        const shown = shownNode();
        if (shown?.kind === 'feature' && address(shown) === key) renderBody(shown);
      });
      answers.set(key, answer);
      if (answer.evidence?.act_max > 0) actions.noteLargest(key, answer.evidence.act_max);
    } catch (error) {
      if (error.name === 'AbortError') return;
      if (!(error instanceof RequestError)) throw error;
      if (error.isUnanswered) actions.report(error);
      else answers.set(key, error.message);
    }
    const shown = shownNode();
    if (shown?.kind === 'feature' && address(shown) === key) renderBody(shown);
  });

  function render() {
    const part = partOf(state.graph, state.annotations, shownRef(state));
    if (!part) {
      replace(head, h('p', { class: 'hint' }, 'Point at a node to see its details; click it to keep them here.'));
      body.replaceChildren();
    } else if (part.isGroup) {
      const count = span('quiet', `${part.members.length} nodes`);
      replace(head, h('div', { class: 'node-title' }, mark('group'), h('strong', {}, part.title), count));
      replace(body, h('ul', {}, part.members.map(member)));
    } else {
      const [node] = part.members;
      renderHead(node);
      renderBody(node);
      if (node.kind === 'feature' && !answers.has(address(node))) request();
    }
  }

  const member = (node) => h('li', {}, button(
    { class: 'connection', 'data-focus': node.key, onclick: (event) => actions.click(node.key, event) }, mark(node.kind),
    nameIn(state, node), span('site', node.name), span('weight', number(node.activation))));

  function renderHead(node) {
    const isPinned = state.annotations.pinnedIds.includes(node.key);
    const pin = button({
      'data-focus': 'pin', 'aria-pressed': String(isPinned), title: 'Ctrl-click or P', onclick: () => actions.togglePin(node.key),
    }, isPinned ? 'Unpin' : 'Pin');
    replace(head, h('div', { class: 'node-title' }, mark(node.kind), node.kind === 'feature' ? label(node) : title(node), pin),
      h('dl', { class: 'facts' }, facts(node).map(([term, value]) => h('div', {}, h('dt', {}, term), h('dd', {}, value)))));
  }

  const title = (node) => h('strong', { class: 'grow' },
    node.kind === 'error' ? `Error of layer ${node.row} at “${visible(node.token)}”` : titleOf(state.annotations, node));

  function label(node) {
    const text = labelOf(state.annotations, node);
    if (state.editing === node.key) {
      const attributes = { 'data-testid': 'label-input', 'aria-label': 'Label', class: 'grow' };
      return textEditor(text, attributes, (edited) => actions.setLabel(node, edited));
    }
    const name = nameOf(state, node);
    const shown = button({
      class: `label grow ${text ? name.style : 'none'}`.trim(), 'data-testid': 'label', 'data-focus': 'label', title: 'Edit the label (E)',
      onclick: () => actions.edit(node.key),
    }, name.text || 'no label: click to add one');
    return isSuggested(state, node) ? [shown, button({
      'data-testid': 'accept', 'data-focus': 'accept', title: 'A rule suggests this label: make it yours', onclick: () => actions.acceptLabel(node),
    }, 'Accept')] : shown;
  }

  function facts(node) {
    const influence = ['influence', node.influence === null ? '–' : `within the top ${percent(node.influence)}`];
    switch (node.kind) {
      case 'feature': return [
        ['feature', node.name], ['on', `“${visible(node.token)}”`], ['activation', number(node.activation)], influence,
        ['number', node.code], ['scan', state.graph.metadata.scan],
      ];
      case 'error': return [['layer', node.row], ['position', node.position], influence];
      case 'token': return [['position', node.position], ['token id', node.feature]];
      case 'logit': return [['probability', percent(node.probability)], ['token id', node.feature]];
    }
  }

  function renderBody(node) {
    if (node.kind !== 'feature') return replace(body, h('p', { class: 'hint' }, meanings[node.kind]));
    const answer = answers.get(address(node));
    const isSame = (other) => other.kind === 'feature' && other.row === node.row && other.feature === node.feature;
    replace(body, firingsOnPrompt(state.graph.tokens, answer?.firings ?? state.graph.nodes.filter(isSame), node.position),
      !answer && waiting.key === address(node) && h('p', { class: 'hint waiting', role: 'status', 'data-testid': 'waiting' }, waiting.words),
      typeof answer === 'string' && h('p', { class: 'hint' }, answer),
      answer?.top && storedEvidence(answer.evidence, answer.faults, node, logitEffects(answer)));
  }

  return (next, last) => {
    state = next;
    if (!state.graph) return;
    const isNamed = changed(state.annotations, last.annotations, 'clerps', 'pinnedIds', 'supernodes');
    // For its current graph, the model knows more than a file.
    const isOtherModel = state.session?.graph !== last.session?.graph;
    if (isOtherModel) answers.clear();
    if (isNamed || isOtherModel || changed(state, last, 'graph', 'selected', 'editing', 'isAnswered', 'names')) render();
    else if (shownRef(state) !== shownRef(last)) renderSoon();
  };
}
