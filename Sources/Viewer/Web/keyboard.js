// Keys that work everywhere on the page, and the dialog that lists them with the gestures.

import { h } from './dom.js';
import { isLeaving } from './state.js';

const isTyping = (target) => target.matches?.('input:not([type=range]), textarea, select');

/**
 * @param {ReturnType<import('./state.js').createStore>} store
 * @param {import('./actions.js').Actions} actions
 */
export function listenToKeys(store, actions) {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector('dialog[open]')) return;
    const state = store.get();
    if (isLeaving(state)) return;
    const node = state.graph?.byKey.get(state.selected);
    if (event.key === 'g') {
      if (!event.repeat) actions.startGrouping();
    } else if (event.key === '/') {
      document.querySelector('#search input').focus();
      event.preventDefault();
    } else if (event.key === '?') {
      openHelp();
    } else if (event.key === 'e' && node?.kind === 'feature') {
      actions.edit(node.key);
      event.preventDefault();
    } else if (event.key === 'Escape') {
      if (state.grouping) actions.cancelGrouping();
      else if (state.selected) actions.select(null);
    }
  });
  addEventListener('keyup', (event) => { if (event.key === 'g' && store.get().grouping && !isTyping(event.target)) actions.finishGrouping(); });
  addEventListener('blur', () => { if (store.get().grouping) actions.cancelGrouping(); });
}

const gestures = [
  ['Point at a node', 'preview its links, label and examples'],
  ['Click', 'select it; click again or press Esc to deselect'],
  ['Ctrl- or Cmd-click', 'pin it to the subgraph, or unpin it'],
  ['Drag in the subgraph', 'move a pinned node'],
  ['Hold G and click pinned nodes', 'group them into a supernode when G is released'],
  ['Click a supernode’s label', 'rename it; × ungroups it'],
];

const keys = [
  ['/', 'search; choose with the arrow keys and Enter'],
  ['Tab', 'move between panes and controls'],
  ['← → ↑ ↓', 'move between nodes in the link graph; with Shift, move a node in the subgraph'],
  ['Enter', 'select the node; with Ctrl, pin it; while grouping, collect it'],
  ['P', 'pin or unpin the node'],
  ['G', 'hold to group, or use the button Group'],
  ['E', 'edit the selected feature’s label; Enter saves, Esc does not'],
  ['Esc', 'deselect'],
  ['?', 'show this list'],
];

export function openHelp() {
  const dialog = document.getElementById('help');
  const table = (rows) => h('dl', {}, rows.map(([what, does]) => [h('dt', {}, what), h('dd', {}, does)]).flat());
  dialog.replaceChildren(
    h('h2', { id: 'help-title' }, 'Gestures and keys'), table(gestures), table(keys),
    h('p', { class: 'hint' }, 'Blue links raise their target, orange links lower it. The wider a link, the larger its share of what the target receives. ',
      'Pins, supernodes and labels are saved with the graph.'),
    h('form', { method: 'dialog' }, h('button', {}, 'Close')),
  );
  dialog.showModal();
}
