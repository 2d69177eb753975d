// One immutable state, and one way to change it. Views are called with the new and the last drawn state, once per frame.

import { begin } from './settling.js';

/**
 * @typedef {Object} State
 * @property {Object[]|null} graphs         metadata of the folder's graphs, newest last; null until it is known
 * @property {string[]} notices            what is wrong with the folder, without dismissed notices
 * @property {string} slug                  of the graph shown
 * @property {string|null} opening          the slug of the graph being loaded
 * @property {import('./graph.js').Graph|null} graph
 * @property {{node: number|null, edge: number|null}} thresholds   of the sliders; null for the file's own
 * @property {import('./annotations.js').Annotations} annotations
 * @property {string|null} revision         of the annotations last loaded or saved
 * @property {{kind: 'saved'|'unsaved'|'saving'|'failed', reason?: string}} saving
 * @property {string|null} selected         a node's key or a supernode's `ref` (circuit.js)
 * @property {string|null} hovered          likewise: what the pointer or the keyboard previews
 * @property {string|null} focused          the node the arrow keys are at
 * @property {string|null} editing          the node whose label is being edited
 * @property {string[]|null} grouping       refs collected while G is held; null when it is not
 * @property {string} query                 of the search
 * @property {{labels: Object, raises: Object<string, string[]>}|null} names   of the graph's features, as `GET /api/names/SLUG`
 * @property {{graph: Object, pinned: Object, of: string}|null} scores
 * @property {Object|null} session          as `GET /api/session`
 * @property {boolean} isAnswered           whether the server answered when it was last asked
 * @property {{text: string, again: (() => void)|null}[]} messages   `again` retries what failed
 */

/** @type {State} */
export const emptyState = {
  graphs: null, notices: [], slug: '', opening: null, graph: null, thresholds: { node: null, edge: null },
  annotations: { pinnedIds: [], supernodes: [], clerps: [], linkType: 'both', clickedId: '', sg_pos: '' },
  revision: null, saving: { kind: 'saved' }, selected: null, hovered: null, focused: null, editing: null, grouping: null,
  query: '', names: null, scores: null, session: null, isAnswered: true, messages: [],
};

/** @param {State} initial */
export function createStore(initial) {
  let state = Object.freeze(initial);
  let drawn = {};
  /** Reports the pending frame as done. @type {(() => void)|null} */
  let drawing = null;
  const views = [];

  function draw() {
    const finish = drawing;
    drawing = null;
    const last = drawn;
    drawn = state;
    try { for (const view of views) view(drawn, last); } finally { finish(); }
  }

  return {
    /** @returns {State} */
    get: () => state,
    /** The state on the screen; empty before the first frame. @returns {Partial<State>} */
    drawn: () => drawn,
    /** @param {Partial<State>} change */
    update(change) {
      state = Object.freeze({ ...state, ...change });
      if (!drawing) requestAnimationFrame(draw);
      drawing ??= begin();
    },
    /** @param {(state: State, last: Partial<State>) => void} view */
    subscribe(view) { views.push(view); },
  };
}

/** Whether another graph is loading: the current one must not be shown under its name. */
export const isLeaving = ({ opening, slug }) => opening !== null && opening !== slug;

/** Whether any of these parts has changed since it was last drawn. */
export const changed = (value, last, ...names) => names.some((name) => value[name] !== last?.[name]);
