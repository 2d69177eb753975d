// What features are called: labels that the console has given since the graph was loaded, those that a rule suggests, and, for as
// long as a feature has none, the tokens that it raises most.

import { labelOf } from './annotations.js';
import { RequestError, fetchNames } from './api.js';
import { titleOf } from './circuit.js';
import { span } from './dom.js';
import { changed } from './state.js';

/**
 * What to call a feature, and the class of its style: `(fires on "Dallas")`, suggested; `→ Louisiana, LA, Texas`, quiet, for a feature
 * without a label.
 * @returns {{text: string, style: ''|'suggested'|'quiet'}} no text for other nodes, and where nothing is known
 */
export function nameOf(state, node) {
  const label = labelOf(state.annotations, node);
  if (label) return isSuggested(state, node) ? { text: `(${label})`, style: 'suggested' } : { text: label, style: '' };
  const raised = node.kind === 'feature' && state.names?.raises[featureOf(node)];
  return raised ? { text: `→ ${raised.map((token) => token.trim() || '␣').join(', ')}`, style: 'quiet' } : { text: '', style: '' };
}

const featureOf = (node) => `${node.row}/${node.feature}`;

/** Whether a rule gave the label that is shown, and nobody has accepted it. */
export function isSuggested({ annotations, names }, node) {
  const known = node.kind === 'feature' && names?.labels[featureOf(node)];
  return Boolean(known) && known.suggested && known.text === labelOf(annotations, node);
}

/** What to call a node where there is room for little else. */
export const titleIn = (state, node) => nameOf(state, node).text || titleOf(state.annotations, node);

/** The same in its style, as wide as there is room. */
export const nameIn = (state, node) => span(`grow ${nameOf(state, node).style}`.trim(), titleIn(state, node));

/**
 * @param {ReturnType<import('./state.js').createStore>} store
 * @param {import('./actions.js').Actions} actions
 */
export function createNames(store, actions) {
  let known = { slug: null, labels: null };
  /** The labels of people that were last asked about. */
  let given = null;

  async function ask(slug) {
    try {
      const names = await fetchNames(slug);
      if (store.get().slug !== slug) return;
      const labels = JSON.stringify(names.labels);
      const isNews = known.slug === slug && known.labels !== labels;
      known = { slug, labels };
      store.update({ names });
      if (isNews) actions.refresh();
    } catch (error) {
      // Names are asked for again at the next change.
      if (!(error instanceof RequestError)) throw error;
    }
  }

  return (state, last) => {
    if (!state.graph || state.opening !== null) return;
    // Once the page has saved a label, a suggestion may be one no more.
    const isSaved = state.revision !== last.revision && state.annotations.clerps !== given;
    if (!isSaved && !changed(state, last, 'slug', 'graph') && state.session?.revision === last.session?.revision) return;
    given = state.annotations.clerps;
    ask(state.slug);
  };
}
