// Node connections: the selected node's inputs and outputs, the largest weight first, with sign and share.

import { partOf, titleOf } from './circuit.js';
import { button, h, mark, percent, replace, signed, span } from './dom.js';
import { connections } from './graph.js';
import { provisionalNameOf } from './names.js';
import { changed } from './state.js';

const shownAtFirst = 120;
const shownWhilePeeking = 24;

const linkTypes = {
  input: ['In', 'Inputs only; in the link graph, links into pinned nodes'],
  output: ['Out', 'Outputs only; in the link graph, links out of pinned nodes'],
  either: ['Either', 'Inputs and outputs; in the link graph, links with a pinned end'],
  both: ['Both', 'Inputs and outputs; in the link graph, links between pinned nodes'],
};

/**
 * @param {HTMLElement} host
 * @param {import('./actions.js').Actions} actions
 */
export function createConnections(host, actions) {
  const filter = h('div', { class: 'segments', role: 'group', 'aria-label': 'Links shown' }, Object.entries(linkTypes).map(
    ([type, [name, hint]]) => button({ title: hint, 'data-type': type, onclick: () => actions.setLinkType(type) }, name)));
  const subject = h('div', { class: 'node-title' });
  const hint = h('p', { class: 'hint' }, 'Point at a node in the link graph to preview its connections; click it to keep them here.');
  const inputs = h('ol', { 'data-testid': 'connections-inputs', 'aria-label': 'Inputs' });
  const outputs = h('ol', { 'data-testid': 'connections-outputs', 'aria-label': 'Outputs' });
  const columns = [['Inputs', inputs], ['Outputs', outputs]].map(
    ([name, list]) => h('div', { class: 'connection-list' }, h('h3', {}, name), list));
  host.append(h('div', { class: 'heading' }, h('h2', {}, 'Connections'), filter), subject, hint,
    h('div', { class: 'connection-lists' }, columns));

  let isWhole = false;

  /** The selected node stays while others are previewed, or its rows would move away from the pointer. */
  const shownRef = (state) => (partOf(state.graph, state.annotations, state.selected) ? state.selected : state.hovered);
  const isPeeking = (state) => shownRef(state) !== state.selected;

  function render(state) {
    const part = partOf(state.graph, state.annotations, shownRef(state));
    const { linkType } = state.annotations;
    hint.hidden = part !== null;
    for (const each of filter.children) each.setAttribute('aria-pressed', String(each.dataset.type === linkType));
    columns[0].hidden = !part || linkType === 'output';
    columns[1].hidden = !part || linkType === 'input';
    subject.replaceChildren();
    if (!part) return;
    const [{ kind, name }] = part.members;
    subject.append(mark(part.isGroup ? 'group' : kind), h('strong', {}, part.title),
      span('quiet', part.isGroup ? `${part.members.length} nodes` : name === part.title ? '' : name));
    const around = connections(state.graph, part.members);
    renderList(state, inputs, around.inputs);
    renderList(state, outputs, around.outputs);
  }

  function renderList(state, list, all) {
    const limit = isPeeking(state) ? shownWhilePeeking : isWhole ? Infinity : shownAtFirst;
    const more = `${all.length - limit} more`;
    const showAll = () => { isWhole = true; render(state); };
    replace(list, all.slice(0, limit).map((connection) => row(state, connection)),
      all.length > limit && h('li', { class: 'hint' },
        isPeeking(state) ? `and ${more}` : button({ 'data-focus': 'more', onclick: showAll }, `Show ${more}`)),
      all.length === 0 && h('li', { class: 'hint' }, 'none'));
  }

  function row(state, { node, weight, share }) {
    const title = titleOf(state.annotations, node);
    const provisional = provisionalNameOf(state, node);
    const whole = `what its target receives${state.graph.view.prunes === 'whole graph' ? '' : ' from the nodes shown'}`;
    return h('li', {}, button({
      class: 'connection', 'data-id': node.key, 'data-focus': node.key,
      title: `${title} (${node.name}): ${percent(share)} of ${whole}`,
      style: { '--share': `${Math.max(1, share * 100)}%`, '--sign': `var(--${weight > 0 ? 'positive' : 'negative'})` },
      onclick: (event) => actions.click(node.key, event),
      onkeydown: (event) => { if (event.key === 'p') actions.togglePin(node.key); },
      onmouseenter: () => actions.hover(node.key), onmouseleave: () => actions.hover(null),
      onfocus: (event) => { if (event.target.matches(':focus-visible')) actions.hover(node.key); }, onblur: () => actions.hover(null),
    }, mark(node.kind), span(provisional ? 'grow quiet' : 'grow', provisional || title),
    (provisional || title !== node.name) && span('site', node.name),
    span('weight', signed(weight)), span('share', percent(share))));
  }

  function markRows({ hovered, annotations: { pinnedIds } }) {
    const pinned = new Set(pinnedIds);
    for (const each of host.querySelectorAll('.connection')) {
      each.classList.toggle('hovered', each.dataset.id === hovered);
      each.classList.toggle('pinned', pinned.has(each.dataset.id));
    }
  }

  return (state, last) => {
    if (!state.graph) return;
    if (changed(state, last, 'selected', 'graph')) isWhole = false;
    const isOther = changed(state, last, 'graph', 'selected', 'names') || shownRef(state) !== shownRef(last);
    if (isOther || changed(state.annotations, last.annotations, 'clerps', 'supernodes', 'linkType')) render(state);
    if (isOther || changed(state, last, 'hovered', 'annotations')) markRows(state);
  };
}
