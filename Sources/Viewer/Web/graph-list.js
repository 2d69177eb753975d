// The graphs of the folder, and what to do if it has none.

import { button, h, typed } from './dom.js';
import { changed } from './state.js';
import { interventionsOf } from './steering.js';

/** @param {import('./actions.js').Actions} actions */
export function createGraphList(actions) {
  const select = h('select', {
    'aria-label': 'Graph', 'data-testid': 'graph-select',
    onchange: () => choose(select.value), onpointerdown: () => actions.refreshGraphs(),
  });
  let state = null;
  /** Selects the graph once it is being opened: if that fails at once, the list stays at the shown graph. */
  function choose(slug) {
    select.value = state.opening ?? state.slug;
    actions.open(slug);
  }
  return {
    select,
    render(next, last) {
      state = next;
      if (changed(state, last, 'graphs', 'graph') && String(options(state)) !== String(options(last))) {
        select.replaceChildren(...options(state).map(([slug, name]) => h('option', { value: slug }, name)));
      }
      if (changed(state, last, 'graphs', 'graph', 'slug', 'opening')) select.value = state.opening ?? state.slug;
      select.title = state.graph ? state.graph.metadata.prompt : '';
      if (changed(state, last, 'slug')) document.title = state.slug ? `${state.slug} · circuit-tracer` : 'circuit-tracer';
    },
  };
}

/** The name of each graph; the shown graph keeps the shown prompt, even if its file has changed since. */
const options = ({ graphs, graph, slug: shown }) => (graphs ?? []).map((listed) => {
  const metadata = listed.slug === shown && graph ? graph.metadata : listed;
  return [listed.slug, `${typed(metadata.prompt)}${interventionsOf(metadata) ? ', steered' : ''} — ${listed.slug}`];
});

/**
 * @param {HTMLElement} host
 * @param {import('./actions.js').Actions} actions
 */
export function createEmptyPage(host, actions) {
  host.append(
    h('h2', {}, 'This folder has no graphs yet'),
    h('p', {}, 'Make one, and it appears here. In the shell, where FOLDER is the folder that this page shows:'),
    h('pre', {}, [
      'circuit-tracer attribute --transcoder_set gemma',
      '  --prompt "The capital of the state containing Dallas is"',
      '  --slug dallas --graph_file_dir FOLDER',
    ].join(' \\\n')),
    h('p', {}, 'Or in the console, which keeps the model loaded, so that this page can change its features:'),
    h('pre', {}, 'prompt The capital of the state containing Dallas is\nattribute\nserve'),
    button({ onclick: actions.refreshGraphs }, 'Refresh'),
  );
  return (state) => { host.hidden = state.graphs?.length !== 0 || state.graph !== null; };
}
