// The user's actions. Each is one change of the state; views call them and know nothing of requests.

import * as annotations from './annotations.js';
import { RequestError, fetchGraph, fetchGraphs, fetchScores, fetchSession, intervene, openInSession } from './api.js';
import { partOf } from './circuit.js';
import { debounce } from './dom.js';
import { readGraph } from './graph.js';
import { createSaver } from './saving.js';

/** @typedef {ReturnType<typeof createActions>} Actions */

/** @param {ReturnType<import('./state.js').createStore>} store */
export function createActions(store) {
  const saver = createSaver(store);
  let load = new AbortController();
  /** Actions to repeat once the server answers again. @type {Set<() => void>} */
  const unanswered = new Set();
  /** Notices that were dismissed. @type {Set<string>} */
  const dismissed = new Set();

  /** Shows what went wrong; `again` retries it. */
  function report(error, again = null) {
    if (!(error instanceof RequestError)) throw error;
    if (error.isUnanswered) {
      if (again) unanswered.add(again);
      return store.update({ isAnswered: false });
    }
    const others = store.get().messages.filter((message) => message.text !== error.message);
    store.update({ messages: [...others, { text: error.message, again }] });
  }

  /** The server answers again: repeats the actions that failed. */
  function resume() {
    store.update({ isAnswered: true });
    const again = [...unanswered];
    unanswered.clear();
    for (const action of again) action();
    if (store.get().saving.kind === 'failed') saver.save();
  }

  // Graphs

  async function refreshGraphs() {
    try {
      const { graphs, notices: all } = await fetchGraphs();
      const notices = all.filter((notice) => !dismissed.has(notice));
      if (!isSame(graphs, store.get().graphs)) store.update({ graphs });
      if (!isSame(notices, store.get().notices)) store.update({ notices });
    } catch (error) {
      report(error, refreshGraphs);
    }
  }

  /** Shows a graph; `address` gives the thresholds, and what to show in addition to what is saved. */
  async function open(slug, address = {}) {
    const thresholds = { node: address.node ?? null, edge: address.edge ?? null };
    const pins = address.pinnedIds ?? null;
    const request = overtake();
    store.update({ opening: slug });
    if (slug === store.get().slug) await saver.settle();
    const document = await fetchDocument(slug, thresholds, pins, request, () => open(slug, address));
    if (document) await saver.settle();
    if (request.signal.aborted) return;
    store.update({ opening: null });
    if (!document) return;
    const file = annotations.readAnnotations(document.body.qParams);
    const saved = annotations.set({ clickedId: address.clickedId ?? file.clickedId })(file);
    store.update({
      slug, thresholds, graph: document.graph, annotations: saved, revision: document.revision, saving: { kind: 'saved' },
      selected: saved.clickedId || null, hovered: null, focused: null, editing: null, grouping: null, query: '', scores: null, messages: [],
    });
    if (address.change && !isSame(address.change(saved), saved)) saver.edit(address.change, true);
    requestScores();
  }

  function overtake() {
    load.abort();
    load = new AbortController();
    return load;
  }

  /** A graph at these thresholds, always with these pins; null if a later request replaced this one, or it failed. */
  async function fetchDocument(slug, thresholds, pins, { signal }, again) {
    performance.mark('load');
    try {
      const { body, revision } = await fetchGraph(slug, thresholds, pins, signal);
      return { body, revision, graph: readGraph(body) };
    } catch (error) {
      if (error.name !== 'AbortError') report(error, again);
      return null;
    }
  }

  /** Requests the graph again, at the current thresholds and, if nothing waits to be saved, with others' changes to it. */
  const refresh = debounce(150, async () => {
    const { slug, thresholds, opening, revision } = store.get();
    if (opening !== null) return;
    const document = await fetchDocument(slug, thresholds, store.get().annotations.pinnedIds, overtake(), refresh);
    if (!document) return;
    const { node_threshold: node, edge_threshold: edge } = document.graph.view;
    const now = store.get();
    const isUntouched = now.saving.kind === 'saved' && now.revision === revision;
    store.update({
      graph: document.graph,
      // A slider that has moved meanwhile stays where it is.
      thresholds: now.thresholds === thresholds ? { node, edge } : now.thresholds,
      ...isUntouched && { annotations: saver.merged(document.body.qParams), revision: document.revision },
    });
    requestScores();
  });

  function setThresholds(thresholds) {
    store.update({ thresholds: { ...store.get().thresholds, ...thresholds } });
    refresh();
  }

  // Looking

  const hover = (ref) => { if (ref !== store.get().hovered) store.update({ hovered: ref }); };
  /** @param {string} key   as in `State.largest` */
  const noteLargest = (key, value) => store.update({ largest: { ...store.get().largest, [key]: value } });
  const focus = (key) => store.update({ focused: key, hovered: key });

  /** Selecting a node changes no file; the selection is in the address, and saved with the next change. */
  function select(ref) {
    const { graph, annotations: current } = store.get();
    const clickedId = ref && graph.byKey.has(ref) ? ref : '';
    store.update({ selected: ref, hovered: null, annotations: annotations.set({ clickedId })(current) });
  }

  /** A click pins with Ctrl or Cmd, collects while G is held, and else selects or deselects. */
  function click(ref, event) {
    const { selected, grouping } = store.get();
    if (grouping) collect(ref);
    else if (event.ctrlKey || event.metaKey) togglePin(ref);
    else select(ref === selected ? null : ref);
  }

  // Annotating

  function togglePin(ref) {
    const { graph, annotations: { pinnedIds } } = store.get();
    if (!graph.byKey.has(ref)) return;
    saver.edit(pinnedIds.includes(ref) ? annotations.unpin(ref) : annotations.pin(ref));
    requestScores();
  }

  function clearPins() {
    saver.edit(annotations.set({ pinnedIds: [], supernodes: [], sg_pos: '' }));
    requestScores();
  }

  const startGrouping = () => { if (store.get().graph && !store.get().grouping) store.update({ grouping: [] }); };
  const cancelGrouping = () => store.update({ grouping: null });

  function collect(ref) {
    const { grouping } = store.get();
    store.update({ grouping: grouping.includes(ref) ? grouping.filter((other) => other !== ref) : [...grouping, ref] });
  }

  /** Makes one supernode of what was collected: supernodes contribute their members, unpinned nodes are pinned. */
  function finishGrouping() {
    const { graph, annotations: current, grouping } = store.get();
    store.update({ grouping: null });
    const collected = (grouping ?? []).map((ref) => partOf(graph, current, ref)).filter(Boolean);
    if (collected.length < 2) return;
    const keys = [...new Set(collected.flatMap((part) => part.keys))];
    const name = (collected.find((part) => part.isGroup) ?? collected[0]).title;
    saver.edit((before) => annotations.group(name, keys)(annotations.pin(...keys)(before)));
    store.update({ selected: `supernode:${keys[0]}` });
    requestScores();
  }

  function ungroup(part) {
    saver.edit(annotations.ungroup(part.keys));
    store.update({ selected: store.get().selected === part.ref ? null : store.get().selected });
  }

  const rename = (part, name) => saver.edit(annotations.rename(part.keys, name || 'supernode'));

  const edit = (key) => store.update({ editing: key });

  /** Ends the editing of a label; null leaves it as it was. */
  function setLabel(node, text) {
    store.update({ editing: null });
    if (text !== null && text !== annotations.labelOf(store.get().annotations, node)) saver.edit(annotations.label(node, text));
  }

  /** Makes a suggested label the user's own. */
  const acceptLabel = (node) => saver.edit(annotations.label(node, annotations.labelOf(store.get().annotations, node)));

  const setLinkType = (linkType) => saver.edit(annotations.set({ linkType }));
  const setPositions = (positions) => saver.edit(annotations.set({ sg_pos: positions }));

  const requestScores = debounce(150, async () => {
    const { slug, graph, annotations: { pinnedIds } } = store.get();
    if (!graph) return;
    // Includes nodes that are pruned away.
    const pinned = pinnedIds.map((key) => graph.byKey.get(key)?.id ?? key);
    try {
      const scores = await fetchScores(slug, pinned);
      if (store.get().slug === slug && isSame(store.get().annotations.pinnedIds, pinnedIds)) store.update({ scores });
    } catch (error) {
      report(error, requestScores);
    }
  });

  // Intervening: one request at a time; of the changes made meanwhile, the last for each feature is sent next.

  let waiting = null;
  let isIntervening = false;

  /** @param {{set?: Object[], remove?: string[], clear?: boolean}} change */
  async function change(change) {
    waiting = combine(waiting, { graph: store.get().slug, ...change });
    if (isIntervening) return;
    isIntervening = true;
    while (waiting) {
      const next = waiting;
      waiting = null;
      try {
        store.update({ session: await intervene(next) });
      } catch (error) {
        report(error);
        await refreshSession();
      }
    }
    isIntervening = false;
  }

  /** Resets the controls to the current state. */
  async function refreshSession() {
    try {
      store.update({ session: await fetchSession() });
    } catch (error) {
      report(error);
      store.update({ session: { ...store.get().session } });
    }
  }

  async function makeCurrent() {
    try {
      store.update({ session: await openInSession(store.get().slug) });
      refresh();
    } catch (error) {
      report(error, makeCurrent);
    }
  }

  // Messages

  const dismiss = (message) => store.update({ messages: store.get().messages.filter((other) => other !== message) });

  function dismissNotice(notice) {
    dismissed.add(notice);
    store.update({ notices: store.get().notices.filter((other) => other !== notice) });
  }

  function tryAgain(message) {
    dismiss(message);
    message.again();
  }

  return {
    refreshGraphs, open, refresh, setThresholds, hover, noteLargest, focus, select, click, togglePin, clearPins, startGrouping, cancelGrouping, collect,
    finishGrouping, ungroup, rename, edit, setLabel, acceptLabel, setLinkType, setPositions, change, makeCurrent, report, resume, dismiss, dismissNotice, tryAgain,
    saveNow: saver.save, search: (query) => store.update({ query }), setFound: (found) => store.update({ found }), isIntervening: () => isIntervening,
  };
}

const isSame = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** Combines two changes: the later one counts for each feature. */
function combine(first, second) {
  if (first?.graph !== second.graph || second.clear) return second;
  const names = new Set([...(second.set ?? []).map((edit) => edit.selector), ...(second.remove ?? [])]);
  return {
    graph: first.graph,
    clear: first.clear,
    set: [...(first.set ?? []).filter((edit) => !names.has(edit.selector)), ...(second.set ?? [])],
    remove: [...new Set([...(first.remove ?? []), ...(second.remove ?? [])])],
  };
}
