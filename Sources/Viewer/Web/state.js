// One immutable state, one way to change it. Views are called with the new and the last drawn state, once a frame.

import { begin } from './settling.js';

/**
 * @typedef {Object} State
 * @property {Object[]|null} graphs         metadata of the folder's graphs, newest last; null before it is known
 * @property {string[]} notices            what is wrong with the folder, but for what was dismissed
 * @property {string} slug                  of the graph shown
 * @property {string|null} opening          the slug of the graph on its way
 * @property {import('./graph.js').Graph|null} graph
 * @property {{node: number|null, edge: number|null}} thresholds   as the sliders stand; null for the file's own
 * @property {import('./annotations.js').Annotations} annotations
 * @property {string|null} revision         of the annotations last loaded or saved
 * @property {{kind: 'saved'|'unsaved'|'saving'|'failed', reason?: string}} saving
 * @property {string|null} selected         a node's key or a supernode's `ref` (circuit.js)
 * @property {string|null} hovered          likewise: what the pointer or the keyboard peeks at
 * @property {string|null} focused          the node the arrow keys are at
 * @property {string|null} editing          the node whose label is being edited
 * @property {string[]|null} grouping       refs collected while G is held; null when it is not
 * @property {string} query                 of the search
 * @property {{graph: Object, pinned: Object, of: string}|null} scores
 * @property {Object|null} session          as `GET /api/session`
 * @property {boolean} isAnswered           whether the server answered when it was last asked
 * @property {{text: string, again: (() => void)|null}[]} messages   `again` tries what failed once more
 */

/** @type {State} */
export const emptyState = {
  graphs: null, notices: [], slug: '', opening: null, graph: null, thresholds: { node: null, edge: null },
  annotations: { pinnedIds: [], supernodes: [], clerps: [], linkType: 'both', clickedId: '', sg_pos: '' },
  revision: null, saving: { kind: 'saved' }, selected: null, hovered: null, focused: null, editing: null, grouping: null,
  query: '', scores: null, session: null, isAnswered: true, messages: [],
};

/** @param {State} initial */
export function createStore(initial) {
  let state = Object.freeze(initial);
  let drawn = {};
  /** Ends the wait for the next frame. @type {(() => void)|null} */
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
    /** As it is on the screen; empty before the first frame. @returns {Partial<State>} */
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

/** Whether another graph is on its way: the one that is here is not to be seen under its name. */
export const isLeaving = ({ opening, slug }) => opening !== null && opening !== slug;

/** Whether any of these parts of a value is another than when last drawn. */
export const changed = (value, last, ...names) => names.some((name) => value[name] !== last?.[name]);
