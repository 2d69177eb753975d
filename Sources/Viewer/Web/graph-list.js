// The graphs of the folder, and what to do where it has none.

import { button, h, typed } from './dom.js';
import { changed } from './state.js';

/** @param {import('./actions.js').Actions} actions */
export function createGraphList(actions) {
  const select = h('select', {
    'aria-label': 'Graph', 'data-testid': 'graph-select',
    onchange: () => choose(select.value), onpointerdown: () => actions.refreshGraphs(),
  });
  let state = null;
  /** Once it is being opened: one that fails at once leaves the list at the graph that is shown. */
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

/** What each graph is called: the one that is shown by the prompt that is shown, whatever its file has become since. */
const options = ({ graphs, graph, slug: shown }) => (graphs ?? []).map(({ slug, prompt }) =>
  [slug, `${typed(slug === shown && graph ? graph.metadata.prompt : prompt)} — ${slug}`]);

/**
 * @param {HTMLElement} host
 * @param {import('./actions.js').Actions} actions
 */
export function createEmptyPage(host, actions) {
  host.append(
    h('h2', {}, 'This folder holds no graph yet'),
    h('p', {}, 'Make one and it appears here. From the shell, into the folder that this page shows:'),
    h('pre', {}, [
      'circuit-tracer attribute --transcoder_set gemma',
      '  --prompt "The capital of the state containing Dallas is"',
      '  --slug dallas --graph_file_dir FOLDER',
    ].join(' \\\n')),
    h('p', {}, 'Or in the console, where the model stays loaded and can be changed from here:'),
    h('pre', {}, 'prompt The capital of the state containing Dallas is\nattribute\nserve'),
    button({ onclick: actions.refreshGraphs }, 'Look again'),
  );
  return (state) => { host.hidden = state.graphs?.length !== 0 || state.graph !== null; };
}
