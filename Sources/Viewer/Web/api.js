// The requests to the server, one function each. Addresses are relative, so that the page also works under a path.

import { settlingAfter } from './settling.js';

/** A request that failed; `isUnanswered` if there was no answer. */
export class RequestError extends Error {
  constructor(status, message, body) {
    super(message);
    this.status = status;
    this.body = body;
  }

  get isUnanswered() { return this.status === 0; }
}

/** @param {{isText?: boolean}} options   and those of `fetch`; errors are JSON in any case */
async function ask(path, { isText = false, ...options } = {}) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new RequestError(0, 'the server does not answer');
  }
  const body = await (isText && response.ok ? response.text() : response.json()).catch((error) => {
    if (error.name === 'AbortError') throw error;
    // An error page from a proxy says nothing useful, and a truncated answer counts as none.
    if (response.ok) throw new RequestError(0, 'the server does not answer');
    return null;
  });
  if (!response.ok) throw new RequestError(response.status, body?.error ?? `The server answered ${response.status}.`, body);
  return { body, revision: response.headers.get('ETag')?.replace(/^W\/|"/g, '') };
}

const request = (path, options) => settlingAfter(ask(path, options));

function post(path, body, { headers = {}, ...options } = {}) {
  return request(path, {
    method: 'POST', body: JSON.stringify(body), ...options,
    headers: { 'Content-Type': 'application/json', ...headers },
  });
}

const bodyOf = async (answer) => (await answer).body;

/** @returns {Promise<{graphs: Object[], notices: string[]}>} `notices` say what is wrong with the folder */
export const fetchGraphs = () => bodyOf(request('data/graph-metadata.json'));

/**
 * @param {string[]|null} pins   nodes that are kept at any threshold; null for those that the file has
 * @returns {Promise<{body: Object, revision: string}>} the document and the revision of its `qParams`
 */
export function fetchGraph(slug, { node, edge }, pins, signal) {
  const query = new URLSearchParams();
  if (node !== null) query.set('node_threshold', node);
  if (edge !== null) query.set('edge_threshold', edge);
  if (pins !== null) query.set('pinned', pins.join(','));
  return request(`graph_data/${encodeURIComponent(slug)}.json${query.size ? `?${query}` : ''}`, { signal });
}

/** Replaces `revision`; fails with 409 if the graph was saved elsewhere since. @returns {Promise<string>} the new revision */
export async function saveGraph(slug, qParams, revision, keepalive = false) {
  const headers = revision ? { 'If-Match': `"${revision}"` } : {};
  return (await post(`save_graph/${encodeURIComponent(slug)}`, { qParams }, { headers, keepalive })).body.revision;
}

/** Requested repeatedly, so the page would never settle if it waited for it. */
export const fetchSession = () => bodyOf(ask('api/session'));
/** @param {{graph: string, set?: Object[], remove?: string[], clear?: boolean}} change   `graph` is the one that is shown */
export const intervene = (change) => bodyOf(post('api/interventions', change));
export const openInSession = (slug) => bodyOf(post('api/open', { slug }));
export const fetchScores = (slug, pinned) => bodyOf(post('api/scores', { slug, pinned }));
export const fetchFeature = (layer, index, slug, signal) =>
  bodyOf(request(`api/features/${layer}/${index}?slug=${encodeURIComponent(slug)}`, { signal }));

/** Requested repeatedly, too. @returns {Promise<{progress: {phase: string, done: number, total: number}|null}>} what the session is at */
export const fetchProgress = () => bodyOf(ask('api/progress'));

/** @returns {Promise<{labels: Object<string, {text: string, suggested: boolean}>, raises: Object<string, string[]>}>} by `LAYER/INDEX` */
export const fetchNames = (slug) => bodyOf(ask(`api/names/${encodeURIComponent(slug)}`));

/** @returns {Promise<{found: Object<string, {found: string, text: string}>}>} by `LAYER/INDEX`: features of the graph that words find, and why */
export const fetchFound = (slug, words) =>
  bodyOf(request(`api/search/${encodeURIComponent(slug)}?words=${encodeURIComponent(words)}`));

/**
 * @param {{cards: {width: number, height: number, order: number, across: number}[], links: {source: number, target: number}[],
 *   room: {width: number, height: number}}} wanted   links by the places of their cards in the list
 * @returns {Promise<{width: number, height: number, cards: {x: number, y: number}[], routes: [number, number][][]}>}
 */
export const fetchLayout = (wanted, signal) => bodyOf(post('api/layout', wanted, { signal }));
/** @param {'light'|'dark'} theme @returns {Promise<string>} an SVG, with what the session knows of the cards' features if the graph is its current one */
export const fetchFigure = (slug, figure, theme) => bodyOf(post('api/figure', { slug, figure, theme }, { isText: true }));
