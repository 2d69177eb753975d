// The header: the graph, the search, and whether everything is saved.

import { createGraphList } from './graph-list.js';
import { openHelp } from './keyboard.js';
import { createSearch } from './search.js';
import { changed, isLeaving } from './state.js';
import { button, h } from './dom.js';
import { interventionsOf, steeringText, steeringTitle } from './steering.js';
import { createThemeButton } from './theme.js';

/**
 * @param {HTMLElement} host
 * @param {import('./actions.js').Actions} actions
 * @param {() => void} repaint   called when the theme changes
 */
export function createHeader(host, actions, repaint) {
  const search = h('div', { id: 'search' });
  const saving = h('div', { id: 'saving', role: 'status', 'data-testid': 'save-status' });
  const steering = h('div', { id: 'steering', 'data-testid': 'steering' });
  const graphs = createGraphList(actions);
  host.append(
    h('h1', {}, 'circuit-tracer'), graphs.select, steering, search, saving, createThemeButton(repaint),
    button({ class: 'round', title: 'Gestures and keys (?)', 'aria-label': 'Help', onclick: openHelp }, '?'),
  );
  const renderSearch = createSearch(search, actions);

  return (state, last) => {
    graphs.render(state, last);
    renderSearch(state, last);
    graphs.select.hidden = !state.graphs?.length;
    search.hidden = saving.hidden = state.graph === null;
    if (changed(state, last, 'graph')) renderSteering(steering, state.graph?.metadata);
    search.inert = saving.inert = isLeaving(state);
    if (changed(state, last, 'saving')) renderSaving(saving, state.saving, actions);
  };
}

function renderSteering(host, metadata) {
  const interventions = interventionsOf(metadata);
  host.hidden = interventions === null;
  host.textContent = interventions ? steeringText(interventions) : '';
  host.title = interventions ? steeringTitle(metadata) : '';
}

function renderSaving(host, { kind, reason }, actions) {
  const saveNow = (name) => button({ onclick: actions.saveNow }, name);
  host.dataset.kind = kind;
  const text = { saved: 'saved', saving: 'saving…', unsaved: 'from the link, not saved', failed: `not saved: ${reason}` }[kind];
  const offer = { unsaved: [saveNow('Save')], failed: [saveNow('Retry')] }[kind] ?? [];
  host.replaceChildren(h('span', { class: 'grow', title: text }, text), ...offer);
}
