// The link graph: two canvases (all links, faint; above them the nodes and the relevant links) between DOM labels.

import { labelOf } from './annotations.js';
import { partOf } from './circuit.js';
import { h, number, percent, span, visible } from './dom.js';
import { connections } from './graph.js';
import {
  drawBackdrop, drawLogitNames, drawNodes, fitted, linkWeights, logitName, linksOf, linksOfPinned, readColours, strokeLinks,
} from './link-graph-drawing.js';
import { layOut, neighbour, nodeFinder } from './link-graph-layout.js';
import { provisionalNameOf } from './names.js';
import { changed } from './state.js';

/**
 * @param {HTMLElement} host
 * @param {import('./actions.js').Actions} actions
 * @returns {{render: Function, nodeAt: (key: string) => {x: number, y: number}|null}}
 */
export function createLinkGraph(host, actions) {
  const backdrop = h('canvas', { 'aria-hidden': 'true' });
  const front = h('canvas', { 'aria-hidden': 'true' });
  const rowLabels = h('div', { class: 'row-labels', 'aria-hidden': 'true' });
  const tokenLabels = h('div', { class: 'token-labels' });
  const plot = h('div', {
    class: 'plot', role: 'application', tabindex: '0', 'data-testid': 'link-graph', 'aria-describedby': 'link-graph-keys',
    'aria-label': 'Link graph: tokens from left to right, layers from bottom to top',
    onmousemove: (event) => peek(event), onmouseleave: () => leave(), onclick: (event) => press(event),
    onkeydown: (event) => move(event), onfocus: () => { if (plot.matches(':focus-visible')) focusFirst(); }, onblur: () => actions.focus(null),
  }, backdrop, front);
  const scroller = h('div', { class: 'scroller' }, rowLabels, h('div', { class: 'columns' }, plot, tokenLabels));
  const tooltip = document.getElementById('tooltip');
  const announcement = document.getElementById('announcement');
  host.append(scroller, h('p', { id: 'link-graph-keys', class: 'unseen' },
    'Arrow keys move between nodes, Enter selects, P pins. The search lists all nodes as text.'));

  let state = null;
  let layout = null;
  let find = () => null;
  let colours = null;
  let arrangedFor = '';

  const nodeUnder = (event) => {
    const box = plot.getBoundingClientRect();
    const index = find(event.clientX - box.left, event.clientY - box.top);
    return index === null ? null : state.graph.nodes[index];
  };

  function peek(event) {
    const node = nodeUnder(event);
    actions.hover(node?.key ?? null);
    plot.classList.toggle('over-node', node !== null);
    if (node) showTooltip(node, event.clientX, event.clientY); else tooltip.hidden = true;
  }

  function leave() {
    actions.hover(null);
    tooltip.hidden = true;
  }

  function press(event) {
    const node = nodeUnder(event);
    if (node) actions.click(node.key, event);
    else if (state.selected && !state.grouping) actions.select(null);
  }

  const focusedNode = () => state.graph.byKey.get(state.focused ?? state.selected) ?? null;

  function focusFirst() {
    const node = focusedNode() ?? state.graph.nodes.find((each) => each.kind === 'logit') ?? state.graph.nodes[0];
    if (node) focusOn(node);
  }

  function focusOn(node) {
    actions.focus(node.key);
    announcement.textContent = describe(state, node).join(', ');
    const x = layout.x[node.index];
    const [left, width, edge] = [scroller.scrollLeft, scroller.clientWidth, 60 + rowLabels.offsetWidth];
    if (x < left + edge || x > left + width - edge) scroller.scrollLeft = x - width / 2;
  }

  function move(event) {
    const node = focusedNode();
    if (!node || event.altKey || ((event.ctrlKey || event.metaKey) && event.key !== 'Enter')) return;
    if (event.key.startsWith('Arrow')) {
      focusOn(neighbour(state.graph, layout, node, event.key) ?? node);
    } else if (event.key === 'Enter') {
      actions.click(node.key, event);
    } else if (event.key === 'p') {
      actions.togglePin(node.key);
    } else {
      return;
    }
    event.preventDefault();
  }

  /** Beside the pointer, towards the middle of the window, because measuring the tooltip would cost a layout at every move. */
  function showTooltip(node, x, y) {
    const [title, ...rest] = describe(state, node);
    tooltip.replaceChildren(h('strong', {}, title), ...rest.map((line) => h('div', {}, line)));
    tooltip.hidden = false;
    const [isLeft, isUpper] = [x < innerWidth / 2, y < innerHeight / 2];
    tooltip.style.left = isLeft ? `${x + 14}px` : 'auto';
    tooltip.style.right = isLeft ? 'auto' : `${innerWidth - x + 14}px`;
    tooltip.style.top = isUpper ? `${y + 16}px` : 'auto';
    tooltip.style.bottom = isUpper ? 'auto' : `${innerHeight - y + 12}px`;
  }

  /** Lays out and draws the graph again, after a change of the graph, the pane's size or the theme. */
  function arrange() {
    if (!state?.graph || host.clientWidth === 0) return;
    colours = readColours(host);
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const [labelWidths, logitWidth] = measureNames(rem);
    const head = rem + logitWidth * Math.SQRT1_2;
    let passes = 0; // scroll bars that appear in one pass take space from the next
    do {
      arrangedFor = size();
      const [width, height] = [scroller.clientWidth - rowLabels.offsetWidth, scroller.clientHeight - tokenLabels.offsetHeight - 1];
      layout = layOut(state.graph, { width, height, head }, labelWidths);
      plot.style.width = tokenLabels.style.width = `${layout.width}px`;
      plot.style.height = `${layout.height}px`;
      rowLabels.style.height = `${layout.height + tokenLabels.offsetHeight}px`;
    } while (size() !== arrangedFor && ++passes < 3);
    find = nodeFinder(layout);
    labelRows(rem);
    labelTokens();
    drawBackdrop(fitted(backdrop, layout, 1), state.graph, layout, colours);
    drawFront();
  }

  const size = () => `${scroller.clientWidth} ${scroller.clientHeight}`;

  /** The widths of the tokens' names, and of the widest logit's. */
  function measureNames(rem) {
    const context = front.getContext('2d');
    context.font = `${0.8 * rem}px ${getComputedStyle(host).fontFamily}`;
    const width = (text) => context.measureText(text).width;
    const tokens = state.graph.tokens.map((token) => Math.min(8 * rem, Math.max(2 * rem, width(visible(token)) + 4)));
    const logits = state.graph.nodes.filter((node) => node.kind === 'logit').map((node) => width(logitName(node)));
    return [tokens, Math.max(0, ...logits)];
  }

  function labelTokens() {
    tokenLabels.replaceChildren(...state.graph.tokens.map((token, position) => {
      const { left, width } = layout.columns[position];
      return h('span', { title: `${position}: ${visible(token)}`, style: { left: `${left}px`, width: `${width}px` } }, visible(token));
    }));
  }

  function labelRows(rem) {
    const step = Math.ceil(0.9 * rem / layout.rowHeight);
    rowLabels.replaceChildren(...layout.rows.map((y, row) => {
      const layer = row - 1;
      const text = layer < 0 ? 'Emb' : layer === state.graph.layers ? 'Logits' : layer % step === 0 ? `L${layer}` : '';
      return h('span', { style: { top: `${y}px` } }, text);
    }));
  }

  function drawFront() {
    const context = fitted(front, layout);
    context.font = `${parseFloat(getComputedStyle(tokenLabels).fontSize)}px ${getComputedStyle(host).fontFamily}`;
    const shown = partOf(state.graph, state.annotations, state.hovered ?? state.selected);
    const weights = shown && linkWeights(connections(state.graph, shown.members));
    const selected = shown?.ref === state.selected ? null : partOf(state.graph, state.annotations, state.selected);
    const stroke = (links, alpha) => strokeLinks(context, layout, state.graph, links, colours, alpha);
    if (selected) stroke(linksOf(state, selected.members), 0.3);
    stroke(shown ? linksOf(state, shown.members) : linksOfPinned(state), 0.85);
    drawNodes(context, layout, state, weights, colours);
    drawLogitNames(context, layout, state.graph, colours);
    plot.classList.toggle('quiet', shown !== null || state.annotations.pinnedIds.length > 0);
  }

  new ResizeObserver(() => { if (size() !== arrangedFor) arrange(); }).observe(scroller);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => arrange());

  return {
    arrange,
    render(next, last) {
      state = next;
      if (!state.graph) return;
      if (changed(state, last, 'graph')) {
        arrange();
        if (state.slug !== last.slug) scroller.scrollLeft = scroller.scrollWidth; // where the output is
        measureLoad();
      } else if (layout && changed(state, last, 'hovered', 'selected', 'focused', 'annotations', 'query', 'grouping')) {
        drawFront();
      }
      if (!state.hovered) tooltip.hidden = true;
    },
    nodeAt(key) {
      const node = layout && state.graph.byKey.get(key);
      if (!node) return null;
      const box = plot.getBoundingClientRect();
      return { x: box.left + layout.x[node.index], y: box.top + layout.y[node.index] };
    },
  };
}

function measureLoad() {
  performance.measure('graph: request to drawn', 'load');
}

/** What the tooltip and the screen reader say about a node, the most important first. */
export function describe(state, node) {
  const at = `“${visible(state.graph.tokens[node.position] ?? '')}” at ${node.position}`;
  const influence = node.influence === null ? '' : `, influence within the top ${percent(node.influence)}`;
  const label = labelOf(state.annotations, node);
  const provisional = provisionalNameOf(state, node);
  switch (node.kind) {
    case 'feature': return [
      label || provisional || node.name, `${label || provisional ? `${node.name} ` : ''}on ${at}`, `activation ${number(node.activation)}${influence}`,
    ];
    case 'error': return [`Error of layer ${node.row}`, `on ${at}${influence}`];
    case 'token': return [`Token ${at}`];
    case 'logit': return [`Output “${visible(node.token)}”`, `probability ${percent(node.probability)}`];
  }
}
