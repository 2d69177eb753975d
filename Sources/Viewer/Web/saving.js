// Saves what people add to a graph on the server: changes are shown at once, collected, and sent together. If the graph was
// saved elsewhere meanwhile, the same changes are applied to that version, and sent again.

import { RequestError, saveGraph } from './api.js';
import { readAnnotations, set } from './annotations.js';
import { debounce } from './dom.js';

const delay = 400;

/** @param {ReturnType<import('./state.js').createStore>} store */
export function createSaver(store) {
  /** @type {import('./annotations.js').Change[]} */
  let pending = [];
  /** @type {Promise<void>|null} */
  let sending = null;

  /** Makes a change and saves it; changes from a link, and those made after them, are saved only on request. */
  function edit(change, isFromLink = store.get().saving.kind === 'unsaved') {
    pending.push(change);
    store.update({ annotations: change(store.get().annotations), saving: { kind: isFromLink ? 'unsaved' : 'saving' } });
    if (!isFromLink) later();
  }

  function save() {
    sending ??= send().finally(() => { sending = null; });
    return sending;
  }

  async function send() {
    store.update({ saving: { kind: 'saving' } });
    const { slug, annotations, revision } = store.get();
    const sent = pending.length;
    try {
      const saved = await saveGraph(slug, annotations, revision);
      pending = pending.slice(sent);
      store.update({ revision: saved, saving: { kind: pending.length ? 'saving' : 'saved' } });
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      if (error.status === 409) merge(error.body);
      else store.update({ saving: { kind: 'failed', reason: error.message } });
    }
    if (pending.length && store.get().saving.kind === 'saving') later();
  }

  function merge({ qParams, revision }) {
    store.update({ annotations: merged(qParams), revision });
  }

  /** The server's version, with the changes that wait to be saved and this page's selection. */
  function merged(qParams) {
    const { clickedId } = store.get().annotations;
    return pending.reduce((merged, change) => change(merged), set({ clickedId })(readAnnotations(qParams)));
  }

  /** Nothing shown waits for this; `saving` has its status. */
  const later = debounce(delay, () => { if (pending.length) return save(); }, false);

  /** Before another graph is shown, saves what waits. What could not be saved is in the address, to come back to. */
  async function settle() {
    while (store.get().saving.kind === 'saving') await save();
    pending = [];
  }

  addEventListener('pagehide', () => {
    const { slug, annotations, revision, saving } = store.get();
    if (saving.kind === 'saving') saveGraph(slug, annotations, revision, true).catch(() => {});
  });

  return { edit, save, settle, merged };
}
