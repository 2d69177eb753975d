// How much of the graph is kept, as two sliders and in numbers, and how well the whole graph explains the model.

import { h, number } from './dom.js';
import { changed } from './state.js';

/**
 * @param {HTMLElement} host
 * @param {import('./actions.js').Actions} actions
 */
export function createPruning(host, actions) {
  const nodeSlider = createSlider('nodes', 'node-threshold', 'Keeps the most influential nodes that together have this share of the influence',
    (node) => actions.setThresholds({ node }));
  const edgeSlider = createSlider('links', 'edge-threshold', 'Keeps the strongest links that together have this share of the links’ scores',
    (edge) => actions.setThresholds({ edge }));
  const nodes = h('strong', { 'data-testid': 'node-count' });
  const links = h('strong', { 'data-testid': 'link-count' });
  const scores = h('span', {});
  host.append(h('h2', {}, 'Link graph'), nodeSlider.element, edgeSlider.element,
    h('div', { class: 'counts' }, nodes, ' nodes, ', links, ' links'), h('div', { class: 'counts' }, scores));

  return (state, last) => {
    if (state.graph && changed(state, last, 'thresholds', 'graph')) {
      const { view, metadata } = state.graph;
      const isWhole = view.prunes === 'whole graph';
      nodeSlider.show(state.thresholds.node ?? view.node_threshold, isWhole ? 1 : metadata.node_threshold ?? 1);
      edgeSlider.show(state.thresholds.edge ?? view.edge_threshold, isWhole ? 1 : metadata.pruning_settings?.edge_threshold ?? 1);
      nodes.textContent = state.graph.nodes.length.toLocaleString('en');
      links.textContent = state.graph.weights.length.toLocaleString('en');
    }
    if (changed(state, last, 'scores')) {
      const { graph: whole, of } = state.scores ?? {};
      scores.replaceChildren(...(whole ? [
        'replacement ', h('strong', {}, number(whole.replacement, 2)), ', completeness ', h('strong', {}, number(whole.completeness, 2)),
      ] : []));
      scores.title = whole ? `Scores of the ${of}` : '';
    }
  };
}

function createSlider(name, hook, hint, onChange) {
  const shown = h('output', {});
  const input = h('input', {
    type: 'range', min: '0.05', max: '1', step: '0.01', 'aria-label': `Threshold of ${name}`, 'data-testid': hook,
    oninput: () => onChange(Number(input.value)),
  });
  return {
    element: h('label', { class: 'slider', title: hint }, name, input, shown),
    show(value, max) {
      input.max = max;
      input.value = value;
      shown.textContent = value.toFixed(2);
    },
  };
}
