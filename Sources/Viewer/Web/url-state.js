// The page's address: enough to show somebody else the same circuit, with Neuronpedia's parameter names.

import { readLabels, readList, set } from './annotations.js';

/**
 * The contents of an address. Absent parts are null.
 * @typedef {{slug: string|null, clickedId: string|null, pinnedIds: string[]|null, node: number|null, edge: number|null,
 *   change: import('./annotations.js').Change|null}} Address
 */

const numberIn = (text) => (text !== null && text !== '' && Number.isFinite(Number(text)) ? Number(text) : null);

/** @returns {Address} `change` applies the annotations that the address names */
export function readAddress() {
  const query = new URLSearchParams(location.search);
  return {
    slug: query.get('slug'), clickedId: query.get('clickedId') ?? (isOwn() ? '' : null), pinnedIds: pinsOf(query),
    node: numberIn(query.get('pruningThreshold')), edge: numberIn(query.get('densityThreshold')), change: isOwn() ? null : changeOf(query),
  };
}

const pinsOf = (query) => query.get('pinnedIds')?.split(',').filter(Boolean) ?? null;

/** Whether the page wrote this address and all of it is saved, as on a reload: then the file counts. */
const isOwn = () => history.state?.isSaved === true;

function changeOf(query) {
  const named = {};
  if (query.has('pinnedIds')) named.pinnedIds = pinsOf(query);
  if (query.has('supernodes')) named.supernodes = readList(query.get('supernodes'));
  if (query.has('pinnedIds') || query.has('supernodes')) named.sg_pos = query.get('sg_pos') ?? '';
  const labels = new Map(readLabels(query.get('clerps')));
  if (Object.keys(named).length === 0 && labels.size === 0) return null;
  return (annotations) => set({ ...named, clerps: [...annotations.clerps.filter(([key]) => !labels.has(key)), ...labels] })(annotations);
}

/** Another graph gets its own entry in the browser's history. @param {import('./state.js').State} state */
export function writeAddress({ slug, annotations, thresholds, saving }) {
  const query = new URLSearchParams();
  const put = (name, value) => { if (value !== null && value !== '') query.set(name, value); };
  const list = (rows) => (rows.length ? JSON.stringify(rows) : '');
  put('slug', slug);
  put('clickedId', annotations.clickedId);
  put('pinnedIds', annotations.pinnedIds.join(','));
  put('supernodes', list(annotations.supernodes));
  put('clerps', list(annotations.clerps));
  put('sg_pos', annotations.sg_pos);
  put('pruningThreshold', thresholds.node);
  put('densityThreshold', thresholds.edge);
  const left = new URLSearchParams(location.search).get('slug');
  const write = left === null || left === slug ? 'replaceState' : 'pushState';
  history[write]({ isSaved: saving.kind === 'saved' }, '', `?${query}`);
}
