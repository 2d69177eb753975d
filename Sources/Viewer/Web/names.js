// What features are called: labels that the console has given since the graph was loaded, and, for as long as nobody has labelled
// a feature, the tokens that it raises most.

import { labelOf } from './annotations.js';
import { RequestError, fetchNames } from './api.js';
import { changed } from './state.js';

/** @returns {string} `→ Louisiana, LA, Texas` for a feature without a label; '' where that is not known */
export function provisionalNameOf({ annotations, names }, node) {
  if (node.kind !== 'feature' || labelOf(annotations, node)) return '';
  const raised = names?.raises[`${node.row}/${node.feature}`];
  return raised ? `→ ${raised.map((token) => token.trim() || '␣').join(', ')}` : '';
}

/**
 * @param {ReturnType<import('./state.js').createStore>} store
 * @param {import('./actions.js').Actions} actions
 */
export function createNames(store, actions) {
  let known = { slug: null, labels: null };

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
    if (changed(state, last, 'slug', 'graph') || state.session?.revision !== last.session?.revision) ask(state.slug);
  };
}
