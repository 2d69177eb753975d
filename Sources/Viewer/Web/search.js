// Search by label, supernode, token, feature (`20/15589`, `20/15589@9`, its number), layer (`L20`) or position (`@9`), in a
// combobox over all nodes. The session finds more: features by the texts on which they fire and the tokens that they raise.

import { supernodeOf } from './annotations.js';
import { RequestError, fetchFound } from './api.js';
import { parts } from './circuit.js';
import { debounce, h, mark, number, percent, replace, span, visible } from './dom.js';
import { nameOf } from './names.js';
import { changed } from './state.js';
import { sayingWhy } from './waiting.js';

const shown = 60;

/** @typedef {import('./graph.js').GraphNode} GraphNode */

/** Whether the node matches every word of the query. @param {GraphNode} node */
export function isMatch(state, node) {
  return matcher(state.query)(state, node);
}

let last = { query: null, test: null };

function matcher(query) {
  if (query !== last.query) {
    const tests = query.trim().toLowerCase().split(/\s+/).filter(Boolean).map(wordTest);
    last = { query, test: (state, node) => tests.every((test) => test(state, node)) };
  }
  return last.test;
}

function wordTest(word) {
  const site = /^(?:l?(\d+)\/(\d*))?(?:@(\d+))?$/.exec(word) ?? /^l(\d+)()(?:@(\d+))?$/.exec(word);
  if (site) {
    const [, layer, feature, position] = site;
    return (_, node) => (layer === undefined || ((node.kind === 'feature' || node.kind === 'error') && node.row === Number(layer)))
      && (!feature || (node.kind === 'feature' && String(node.feature).startsWith(feature)))
      && (position === undefined || node.position === Number(position));
  }
  return (state, node) => word === String(node.code)
    || [nameOf(state, node).text, supernodeOf(state.annotations, node), node.token, node.name].some((text) => text.toLowerCase().includes(word));
}

/**
 * The results of a query: supernodes whose name has all its words, then nodes, the most influential first.
 * @returns {{ref: string, kind: string, title: string, style: string, fact: string, why: string}[]} `why` the session finds it
 */
function matches(state) {
  const { graph, annotations, query } = state;
  const words = query.trim().toLowerCase().split(/\s+/);
  const groups = parts(graph, annotations).filter(({ isGroup, title }) => isGroup && words.every((word) => title.toLowerCase().includes(word)));
  const order = (a, b) => (a.influence ?? -1) - (b.influence ?? -1);
  const nodes = graph.nodes.filter((node) => isMatch(state, node)).sort(order);
  const others = graph.nodes.filter((node) => foundBySession(state, node) && !isMatch(state, node));
  others.sort((a, b) => rankOf(foundBySession(state, a)) - rankOf(foundBySession(state, b)) || order(a, b));
  return [
    ...groups.map(({ ref, title, members }) => ({ ref, kind: 'group', title, style: '', fact: `${members.length} nodes`, why: '' })),
    ...nodes.map((node) => ({ ref: node.key, kind: node.kind, title: titleIn(state, node), style: nameOf(state, node).style, fact: fact(node), why: '' })),
    ...others.map((node) => ({ ref: node.key, kind: node.kind, title: titleIn(state, node), style: nameOf(state, node).style,
      fact: fact(node), why: reason(foundBySession(state, node)) })),
  ];
}

/** Why the session finds a node for the query; null where it does not. @returns {{found: string, text: string}|null} */
function foundBySession({ found, slug, query }, node) {
  if (node.kind !== 'feature' || found?.slug !== slug || found.query !== query) return null;
  return found.features[`${node.row}/${node.feature}`] ?? null;
}

const rankOf = ({ found }) => ['label', 'fires on', 'raises', 'context'].indexOf(found);

const reason = ({ found, text }) => (found === 'context' ? `in “${text}”` : `${found} “${visible(text)}”`);

/**
 * @param {HTMLElement} host
 * @param {import('./actions.js').Actions} actions
 */
export function createSearch(host, actions) {
  let state = null;
  let found = [];
  let active = -1;
  let isOpen = false;
  /** What the session's answer waits for. @type {HTMLElement[]} */
  let waiting = [];
  const askSession = debounce(200, async () => {
    const { slug, query, found: known } = state;
    if (!state.graph || !query.trim() || (known?.slug === slug && known.query === query)) return;
    try {
      const { found: features } = await sayingWhy(fetchFound(slug, query), (words) => {
        if (state.query !== query) return;
        waiting = words;
        renderList();
      });
      waiting = [];
      actions.setFound({ slug, query, features });
    } catch (error) {
      // Without the session, the page finds what it knows.
      if (!(error instanceof RequestError)) throw error;
      waiting = [];
    }
  });
  const input = h('input', {
    type: 'search', role: 'combobox', placeholder: 'Search', title: 'A label, a supernode, a token, 20/15589, 20/15589@9, L20, @9 (key /)',
    'data-testid': 'search', 'aria-label': 'Search nodes', 'aria-expanded': 'false', 'aria-controls': 'search-results',
    autocomplete: 'off', spellcheck: 'false', onfocus: () => open(), onblur: () => close(), onkeydown: (event) => move(event),
    oninput: () => { active = -1; open(); actions.search(input.value); askSession(); },
  });
  const list = h('ul', {
    id: 'search-results', role: 'listbox', 'aria-label': 'Nodes found', hidden: true, onmousedown: (event) => event.preventDefault(),
  });
  host.append(input, list);

  function move(event) {
    if (event.key === 'Escape') {
      input.value = '';
      actions.search('');
      input.blur();
    } else if (event.key === 'Enter' && isOpen && found.length) {
      choose(found[Math.max(0, active)], event);
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      active = Math.max(0, Math.min(found.length - 1, active + (event.key === 'ArrowDown' ? 1 : -1)));
      open();
      list.children[active]?.scrollIntoView({ block: 'nearest' });
      actions.hover(found[active]?.ref ?? null);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  function choose({ ref }, event) {
    if (event.ctrlKey || event.metaKey) return actions.togglePin(ref);
    actions.select(ref);
    close();
  }

  function open() {
    isOpen = true;
    renderList();
  }

  /** Closes the list until something is typed, or an arrow key is pressed. */
  function close() {
    isOpen = false;
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    actions.hover(null);
  }

  function renderList() {
    if (!state?.graph || !isOpen) return;
    const all = matches(state);
    found = all.slice(0, shown);
    replace(list, found.map((each, place) => h('li', {
      role: 'option', id: `found-${place}`, 'aria-selected': String(place === active), 'data-id': each.ref,
      onclick: (event) => choose(each, event), onmouseenter: () => actions.hover(each.ref),
    }, mark(each.kind), span(`grow ${each.style}`.trim(), each.title), span('quiet', each.fact), each.why && span('why quiet', each.why))),
    all.length === 0 && waiting.length === 0 && h('li', { class: 'hint' }, 'No node matches by label, supernode, token or name.'),
    all.length > shown && h('li', { class: 'hint' }, `and ${all.length - shown} more`),
    waiting.length > 0 && h('li', { class: 'hint waiting', role: 'status' }, waiting));
    list.hidden = false;
    input.setAttribute('aria-expanded', 'true');
    input.setAttribute('aria-activedescendant', active >= 0 ? `found-${active}` : '');
  }

  return (next, before) => {
    state = next;
    if (state.query === '' && before.query) input.value = '';
    if (changed(state, before, 'query', 'graph', 'annotations', 'names', 'found')) renderList();
  };
}

const titleIn = (state, node) => [nameOf(state, node).text, node.name, `“${visible(node.token)}”`].filter(Boolean).join(' · ');

const fact = (node) => (node.kind === 'logit' ? percent(node.probability) : node.activation === null ? '' : number(node.activation));
