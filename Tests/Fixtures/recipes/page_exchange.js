// Records what the page of circuit-tracer 0.5.0 makes of a graph's `qParams`, and what its Save sends: its own code is run, up to where it
// starts to draw. For Tests/Fixtures/circuit-tracer-page/exchange.json:
//
//   pip download --no-deps circuit-tracer==0.5.0 && unzip circuit_tracer-0.5.0-py3-none-any.whl
//   node page_exchange.js circuit_tracer/frontend/assets GRAPH.json > exchange.json
//
// GRAPH.json is the tests' `smallDocument` with the pins, supernode, label and places of the recording's `opened`, saved by this program.

const fs = require('fs');
const vm = require('vm');

const [assets, file] = process.argv.slice(2);
const source = (name) => fs.readFileSync(`${assets}/${name}`, 'utf8');
const graph = () => JSON.parse(fs.readFileSync(file, 'utf8'));

// What of D3 and of a browser the code needs until then.
const values = (list, of = (item) => item) => list.map(of).filter((value) => value != null && !Number.isNaN(value));
const d3 = {
  max: (list, of) => values(list, of).reduce((most, value) => (most === undefined || value > most ? value : most), undefined),
  sum: (list, of) => values(list, of).reduce((sum, value) => sum + Number(value), 0),
  sort: (list, of) => [...list].sort((a, b) => (of(a) < of(b) ? -1 : of(a) > of(b) ? 1 : 0)),
  nestBy: (list, of) => [...new Set(list.map(of))].map((key) => list.filter((item) => of(item) === key)),
};
let address = 'http://localhost:8032/index.html';
const stored = new Map();
const window = {
  d3, URL, URLSearchParams, setTimeout, isLocalServing: true, console: { log() {} },
  localStorage: { getItem: (key) => stored.get(key) ?? null, setItem: (key, text) => stored.set(key, text) },
  history: { replaceState(state, title, url) { address = String(url); } },
  location: { toString: () => address, hostname: 'localhost' },
  fetch: async () => ({ status: 200, json: async () => graph() }),
};
window.window = window;
vm.createContext(window);

const [beforeDrawing] = source('attribution_graph/init-cg.js').split('function colorNodes()');
const [, saved] = /qParams: (Object\.fromEntries\(\["pinnedIds"[\s\S]*?\n {10}\)),/.exec(source('index.html'));
for (const code of [
  source('util.js'), source('attribution_graph/util-cg.js'),
  `${beforeDrawing} renderAll.hClerpUpdate.fns.push((params) => utilCg.hClerpUpdateFn(params, data)); return {visState, data, renderAll} }`,
]) vm.runInContext(code, window);
const save = () => JSON.parse(vm.runInContext(`JSON.stringify({qParams: ${saved}})`, window));

(async () => {
  const { util, utilCg } = window;
  const { visState, data, renderAll } = await window.initCg(null, 'small', { pruningThreshold: 0.8 });
  const { pinnedIds, linkType, clickedId, sg_pos } = visState;
  const features = data.nodes.filter((node) => node.feature_type === 'cross layer transcoder');
  const shown = { pinnedIds: [...pinnedIds], linkType, clickedId, sg_pos, labels: Object.fromEntries(features.map((node) => [node.node_id, node.clerp])) };
  renderAll.hClerpUpdate();
  const untouched = save();
  // Ctrl-clicks, grouping, a click, a label and the slider, as their listeners have it.
  const toggle = (id) => utilCg.togglePinned(visState, { pinnedIds() {} }, data.nodes.idToNode[id]);
  for (const id of [...pinnedIds, '0_1_1', '1_7_1', 'E_5_0']) toggle(id);
  util.params.set('supernodes', JSON.stringify([['say, "it"', '0_1_1', '1_7_1']]));
  util.params.set('clickedId', '1_7_1');
  renderAll.hClerpUpdate([data.nodes.idToNode['1_7_1'], 'sieben, "7"']);
  util.params.set('pruningThreshold', '0.55');
  const edited = save();
  util.params.set('clickedId', undefined);
  console.log(JSON.stringify({ opened: graph().qParams, shown, untouched, edited, left: save() }, null, 2));
})();
