// The page: one state, and the views of it. State flows one way: actions change it, views draw it.

import { createActions } from './actions.js';
import { createConnections } from './connections.js';
import { debounce } from './dom.js';
import { createFeatureDetail } from './feature-detail.js';
import { createEmptyPage } from './graph-list.js';
import { createHeader } from './header.js';
import { createInterventions } from './interventions.js';
import { listenToKeys } from './keyboard.js';
import { createLinkGraph } from './link-graph.js';
import { createLoading } from './loading.js';
import { createMessages } from './messages.js';
import { createNames } from './names.js';
import { createPruning } from './pruning.js';
import { watchSession } from './session.js';
import { settled } from './settling.js';
import { changed, createStore, emptyState } from './state.js';
import { createSubgraph } from './subgraph.js';
import { readAddress, writeAddress } from './url-state.js';

const place = (id) => document.getElementById(id);
const store = createStore(emptyState);
const actions = createActions(store);
const linkGraph = createLinkGraph(place('link-graph'), actions);

/** Browsers refuse to change the address at every move of a slider. */
const writeAddressLater = debounce(100, () => { if (store.get().opening === null) writeAddress(store.get()); });
addEventListener('pagehide', () => writeAddressLater.now());
addEventListener('popstate', () => openAddress());

store.subscribe(createLoading(place('loading'), place('panes')));
store.subscribe(createHeader(place('header'), actions, () => linkGraph.arrange()));
store.subscribe(createPruning(place('pruning'), actions));
store.subscribe(createMessages(place('messages'), actions));
store.subscribe(createEmptyPage(place('no-graphs'), actions));
store.subscribe(linkGraph.render);
store.subscribe(createConnections(place('connections'), actions));
store.subscribe(createSubgraph(place('subgraph'), actions));
store.subscribe(createFeatureDetail(place('feature-detail'), actions));
store.subscribe(createInterventions(place('interventions'), actions));
store.subscribe((state, last) => {
  if (state.graph && changed(state, last, 'slug', 'opening', 'graph', 'annotations', 'thresholds', 'saving')) writeAddressLater();
});
store.subscribe((state, last) => {
  if (!state.graph && state.graphs?.length && !last.graphs?.length) openAddress();
});
store.subscribe(createNames(store, actions));
/** The console may have made another graph, or this one again. */
const refreshGraphsLater = debounce(500, actions.refreshGraphs);
store.subscribe((state, last) => {
  if (!last.session || state.session === last.session) return;
  if (state.session.revision !== last.session.revision) refreshGraphsLater();
  if (state.session.graph === state.slug && state.session.graphRevision !== last.session.graphRevision) actions.refresh();
});
listenToKeys(store, actions);

/** The graph that the address names, else the newest. */
function openAddress() {
  const address = readAddress();
  actions.open(address.slug ?? store.get().graphs.at(-1).slug, address);
}

/**
 * For tests: a promise that everything requested is done and drawn, the drawn state, and a node's place on the canvas in
 * client coordinates.
 */
window.viewer = { settled, state: store.drawn, nodeAt: linkGraph.nodeAt };

await actions.refreshGraphs();
watchSession(store, actions);
