// Interventions: sets features of the loaded model and shows at once its next-token probabilities before and after.

import { partOf } from './circuit.js';
import { button, h, mark, number, percent, replace, span, typed, visible } from './dom.js';
import { changed } from './state.js';
import { interventionsOf } from './steering.js';

/** How far the slider goes, unless the feature has been seen stronger. */
const mostTimes = 10;

/**
 * @param {HTMLElement} host
 * @param {import('./actions.js').Actions} actions
 */
export function createInterventions(host, actions) {
  const model = span('quiet');
  const notice = h('div', { class: 'hint' });
  const title = h('div', { class: 'node-title' });
  const factor = h('output', { 'data-testid': 'scale-factor' });
  const slider = h('input', {
    type: 'range', min: '-2', max: mostTimes, step: '0.1', 'aria-label': 'Multiple of its original value', 'data-testid': 'scale-slider',
    oninput: () => scale(Number(slider.value)), list: 'strengths',
  });
  /** The slider's marks: once and twice the feature's largest activation. */
  const marks = h('datalist', { id: 'strengths' });
  const value = h('input', {
    type: 'number', step: 'any', 'aria-label': 'Absolute value', placeholder: 'value', 'data-testid': 'set-value', onfocus: () => value.select(),
  });
  const setValue = (event) => {
    event.preventDefault();
    if (value.value !== '') apply('set', Number(value.value));
  };
  const leave = () => actions.change({ remove: selectors() });
  const controls = h('div', { class: 'controls' }, title,
    h('label', { class: 'slider' }, 'times', slider, marks, factor),
    h('form', { class: 'toolbar', onsubmit: setValue },
      button({ title: 'Set it to 0', 'data-testid': 'set-zero', onclick: () => apply('set', 0) }, '0'),
      button({ title: 'Remove the intervention', 'data-testid': 'own-value', onclick: leave }, 'original value'),
      value, h('button', {}, 'Set')));
  const list = h('ul', { 'aria-label': 'Interventions in force' });
  const clear = button({ 'data-testid': 'clear-interventions', onclick: () => actions.change({ clear: true }) }, 'Clear all');
  const table = h('table', { class: 'probabilities' });
  host.append(h('div', { class: 'heading' }, h('h2', {}, 'Interventions'), model, clear), notice, controls, list, table);

  /** @type {import('./state.js').State} */
  let state = null;

  const features = () => (partOf(state.graph, state.annotations, state.selected)?.members ?? []).filter((node) => node.kind === 'feature');
  const selectors = () => features().map((node) => node.name);
  const apply = (edit, amount) => actions.change({ set: selectors().map((selector) => ({ selector, edit, value: amount })) });

  /** Also called while the slider moves; the last value counts. */
  function scale(times) {
    showFactor(times);
    apply('scale', times);
  }

  /** Why nothing can be changed here, and what to do about it. */
  function renderAbsence() {
    const { model: name, graph, prompt } = state.session;
    if (name === null) {
      notice.textContent = 'To change features here, start circuit-tracer with a model and type serve.';
    } else {
      const other = graph ?? 'no graph in this folder';
      replace(notice, h('p', {}, prompt === null ? 'The session has no prompt yet.' : `The session works on ${other}: “${typed(prompt)}”.`),
        button({ 'data-focus': 'current', 'data-testid': 'make-current', onclick: actions.makeCurrent }, 'Work on this graph'));
    }
  }

  function showFactor(times) {
    const nodes = features();
    const own = nodes.length === 1 ? ownValue(nodes[0]) : null;
    const largest = nodes.length === 1 ? largestOf(nodes[0]) : null;
    const share = largest ? ` (${number(times * own / largest)} max)` : '';
    factor.textContent = own === null ? `× ${number(times)}` : `× ${number(times)} = ${number(times * own)}${share}`;
    factor.title = largest ? `Its largest activation in other texts is ${number(largest)}` : '';
  }

  /** A feature's largest activation in other texts; null where that is not known. */
  const largestOf = (node) => state.largest[`${state.slug} ${node.row}/${node.feature}`] ?? null;

  /** The slider goes to twice the largest activation, where that is known and further than usual. */
  function showRange(nodes) {
    const own = nodes.length === 1 ? ownValue(nodes[0]) : null;
    const largest = own > 0 ? largestOf(nodes[0]) : null;
    slider.max = Math.max(mostTimes, largest ? Math.ceil(2 * largest / own) : 0);
    // A mark that is not on a step is not drawn.
    replace(marks, largest ? [1, 2].map((times) => h('option', { value: (times * largest / own).toFixed(1) })) : []);
  }

  function renderControls() {
    const part = partOf(state.graph, state.annotations, state.selected);
    const nodes = features();
    controls.hidden = nodes.length === 0;
    notice.replaceChildren(nodes.length === 0 ? 'Select a feature or a supernode to change it.' : '');
    if (controls.hidden) return;
    const value = interventionsOf(state.graph.metadata) ? 'in the steered run' : 'original value';
    const own = nodes.length === 1 ? `${value} ${number(nodes[0].activation)}` : `${nodes.length} features`;
    replace(title, mark(part.isGroup ? 'group' : 'feature'), h('strong', { class: 'grow' }, part.title), span('quiet', own));
    if (!slider.matches(':active')) showRange(nodes);
    showSetting(nodes);
  }

  /** Shows the session's setting on the slider, unless it is being dragged. */
  function showSetting(nodes) {
    if (slider.matches(':active') || actions.isIntervening()) return;
    const settings = nodes.map(settingOf);
    const [{ edit, amount, times, now }] = settings;
    const isMixed = settings.some((each) => each.edit !== edit || each.amount !== amount);
    slider.value = isMixed ? 1 : times;
    if (isMixed) factor.textContent = `mixed: ${range(settings.map((each) => each.times))}`;
    else if (nodes.length > 1 && edit !== 'scale' && amount !== 0) factor.textContent = editName(edit, amount);
    else showFactor(times);
    const isOwn = edit === 'scale' && amount === 1;
    if (document.activeElement !== value) value.value = nodes.length === 1 && !isOwn ? Number(now.toPrecision(4)) : '';
  }

  const interventionOn = (name) => state.session.interventions.find((each) => each.selector === name);

  /** A feature's value without interventions, which multiples are of. A steered graph has another; null where nothing says it. */
  function ownValue({ name, activation }) {
    if (!interventionsOf(state.graph.metadata)) return activation;
    return interventionOn(name)?.changes[0]?.old ?? null;
  }

  /** The session's setting of a feature; without an intervention, 1 times its original value. */
  function settingOf(node) {
    const own = ownValue(node);
    const { edit, value: amount, changes } = interventionOn(node.name) ?? {};
    if (!edit) return { edit: 'scale', amount: 1, times: 1, now: own };
    const now = changes[0]?.new ?? amount;
    return { edit, amount, times: edit === 'scale' ? amount : now / (own || 1), now };
  }

  function renderList() {
    const { interventions, notices } = state.session;
    clear.hidden = interventions.length === 0;
    replace(list, interventions.map(row), notices.map((text) => h('li', { class: 'hint' }, text)));
  }

  const row = ({ selector, edit, value: amount, changes }) => h('li', { class: 'intervention', 'data-id': selector },
    span('site', placeName(selector)), span('grow quiet', editName(edit, amount)),
    span('weight', reach(changes)),
    button({
      class: 'round', 'aria-label': `Remove ${selector}`, 'data-focus': selector, onclick: () => actions.change({ remove: [selector] }),
    }, '×'));

  return (next, last) => {
    state = next;
    if (!state.graph || !state.session) return;
    const { session } = state;
    host.inert = !state.isAnswered;
    model.textContent = session.model ?? '';
    if (session.model === null || session.graph !== state.slug) {
      for (const element of [controls, list, table, clear]) element.hidden = true;
      if (changed(state, last, 'session', 'slug', 'graph')) renderAbsence();
      return;
    }
    const isOther = changed(state, last, 'session', 'slug') || !last.graph;
    if (isOther || changed(state, last, 'selected', 'graph', 'slug') || state.annotations !== last.annotations) renderControls();
    else if (state.largest !== last.largest && !controls.hidden) renderControls();
    if (!isOther) return;
    list.hidden = table.hidden = false;
    renderList();
    renderTable(table, session);
  };
}

/** `20/15589@9:` as a person reads it. */
const placeName = (selector) => selector.replace(/@\*$/, ' at all positions').replace(/@(\d+):$/, ' from position $1 on');

/** What an intervention changes at the prompt's tokens. */
function reach(changes) {
  if (changes.length === 0) return 'not in the prompt';
  return changes.length === 1 ? `${number(changes[0].old)} → ${number(changes[0].new)}` : `${changes.length} positions`;
}

const range = (times) => `× ${number(Math.min(...times))} to × ${number(Math.max(...times))}`;

function editName(edit, amount) {
  if (edit === 'set') return amount === 0 ? 'zero' : `set ${number(amount)}`;
  return edit === 'scale' ? `× ${number(amount)}` : `add ${number(amount)}`;
}

/** Next-token probabilities, sorted by their current values, with those before. */
function renderTable(table, { before, after }) {
  if (before.length === 0) return table.replaceChildren();
  const old = new Map(before.map((token) => [token.id, token.probability]));
  const cell = (hook, share, text) => h('td', { 'data-testid': hook, style: { '--share': `${100 * share}%` } }, text);
  const then = (id) => cell('prob-before', old.get(id), percent(old.get(id)));
  const now = (probability) => (after ? cell('prob-after', probability, percent(probability)) : cell('prob-after', 0, ''));
  table.replaceChildren(
    h('thead', {}, h('tr', {}, ['next token', 'before', 'after'].map((name) => h('th', { scope: 'col' }, name)))),
    h('tbody', {}, (after ?? before).map(({ id, token, probability }) =>
      h('tr', { 'data-token': token }, h('th', { scope: 'row' }, visible(token)), then(id), now(probability)))));
}
