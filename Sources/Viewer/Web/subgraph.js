// The subgraph: pinned nodes and supernodes as cards to drag, rename and group, and the links between them.

import { fetchLayout } from './api.js';
import { partLinks, parts } from './circuit.js';
import { button, h, mark, number, percent, replace, span, svg, textEditor, visible } from './dom.js';
import { downloadFigure } from './figure.js';
import { ask } from './question.js';
import { changed } from './state.js';
import { emptyLayout, freeNear, inside, layoutRequest, linkKey, readLayout, readPlaces, routePath, writePlaces } from './subgraph-layout.js';

const linksShown = 300;
const marksShown = 10;
const step = 20;
const steps = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };

const count = (number, name) => `${number} ${name}${number === 1 ? '' : 's'}`;

/** @typedef {import('./circuit.js').Part} Part */

/**
 * @param {HTMLElement} host
 * @param {import('./actions.js').Actions} actions
 */
export function createSubgraph(host, actions) {
  const toggleGrouping = () => { if (state.grouping) actions.finishGrouping(); else actions.startGrouping(); };
  const groupButton = button({ title: 'Group nodes into a supernode (hold G and click them)', onclick: toggleGrouping });
  const ungroupButton = button({ onclick: () => ungroup(selectedGroup()) }, 'Ungroup');
  const tidyButton = button({ title: 'Place nodes by layer and position', onclick: () => actions.setPositions('') }, 'Tidy');
  const figureButtons = ['svg', 'png'].map((kind) => button({
    title: `Download a figure of the circuit as ${kind.toUpperCase()}`, 'data-testid': `figure-${kind}`, onclick: () => saveFigure(kind),
  }, kind.toUpperCase()));
  const clearButton = button({ title: 'Unpin everything', 'data-testid': 'clear-pins', onclick: () => clear() }, 'Clear');
  const tools = h('div', { class: 'toolbar', role: 'toolbar', 'aria-label': 'Subgraph' }, groupButton, ungroupButton, tidyButton, clearButton,
    figureButtons);
  const lines = svg('svg', { class: 'links', 'aria-hidden': 'true' });
  const cards = h('div', { class: 'cards' });
  const hint = h('p', { class: 'hint' }, 'Ctrl-click (or P) pins a node here. Hold G and click pinned nodes to group them.');
  const canvas = h('div', { class: 'canvas' }, lines, cards);
  const board = h('div', { class: 'board', 'data-testid': 'subgraph' }, canvas, hint);
  const scores = h('p', { class: 'scores', 'data-testid': 'scores' });
  host.append(h('div', { class: 'heading' }, h('h2', {}, 'Subgraph'), tools), board, scores);

  /** @type {import('./state.js').State} */
  let state = null;
  /** @type {Part[]} */
  let shown = [];
  let links = [];
  /** @type {import('./subgraph-layout.js').Places} */
  let places = new Map();
  let renaming = null;
  let layout = emptyLayout;
  /** The request that `layout` answers, or will; null before the first and after one that failed. @type {string|null} */
  let asked = null;
  /** Whether an answer is on its way. */
  let isAsking = false;
  let asking = new AbortController();
  /** Whether parts came or went since the places were saved. */
  let isEdited = false;

  async function clear() {
    const { pinnedIds, supernodes } = state.annotations;
    const groups = supernodes.length ? ` and delete ${count(supernodes.length, 'supernode')}` : '';
    if (await ask(`Unpin ${count(pinnedIds.length, 'node')}${groups}? This cannot be undone.`, 'Clear')) actions.clearPins();
  }

  async function saveFigure(kind) {
    try {
      await downloadFigure(kind, state, shown, links, note);
    } catch (error) {
      actions.report(error, () => saveFigure(kind));
    }
  }

  async function ungroup(part) {
    const question = `Ungroup “${part.title}”? Its ${count(part.members.length, 'node')} stay pinned; its name is lost.`;
    if (await ask(question, 'Ungroup')) actions.ungroup(part);
  }

  const selectedGroup = () => shown.find((part) => part.isGroup && part.ref === state.selected) ?? null;
  const cardOf = (ref) => cards.querySelector(`[data-ref="${CSS.escape(ref)}"]`);

  /** The largest card's size in thousandths of the canvas. */
  function cardSize() {
    const most = (name) => Math.max(1, ...Array.from(cards.children, (card) => card[name]));
    return { width: 1000 * most('offsetWidth') / canvas.clientWidth, height: 1000 * most('offsetHeight') / canvas.clientHeight };
  }

  function rebuild() {
    shown = parts(state.graph, state.annotations);
    links = partLinks(state.graph, shown).slice(-linksShown);
    hint.hidden = shown.length > 0;
    replace(cards, shown.map(card));
    askForLayout();
    placeParts();
    showMarks();
  }

  /** Asks the server where to put the cards, unless it has been asked that. */
  async function askForLayout() {
    const room = { width: board.offsetWidth, height: board.offsetHeight };
    const sizeOf = ({ ref }) => { const { offsetWidth: width, offsetHeight: height } = cardOf(ref); return { width, height }; };
    const [ofParts, ofLinks] = [shown, links];
    const wanted = layoutRequest(ofParts, ofLinks, sizeOf, room);
    const text = JSON.stringify([wanted, ofParts.map((part) => part.ref)]);
    if (text === asked) return;
    asked = text;
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    isAsking = shown.length > 0;
    if (!isAsking) { layout = emptyLayout; return; }
    try {
      layout = readLayout(await fetchLayout(wanted, signal), ofParts, ofLinks, room);
    } catch (error) {
      if (signal.aborted) return;
      asked = null;
      actions.report(error, askForLayout);
    }
    if (signal.aborted) return;
    isAsking = false;
    placeParts();
  }

  function card(part) {
    const { ref, title: name, isGroup, members } = part;
    const hooks = isGroup ? { role: 'group', 'aria-label': `Supernode ${name}`, 'data-testid': 'supernode', 'data-name': name }
      : { role: 'button', 'aria-label': name, 'data-testid': 'subgraph-node', 'data-id': ref };
    return h('div', {
      ...hooks, class: 'card', tabindex: '0', 'data-ref': ref, 'data-focus': ref,
      onpointerdown: (event) => drag(part, event), onkeydown: (event) => press(part, event),
      onmouseenter: () => actions.hover(ref), onmouseleave: () => actions.hover(null),
      onfocus: (event) => { if (event.target.matches(':focus-visible')) actions.hover(ref); }, onblur: () => actions.hover(null),
    },
    h('div', { class: 'card-title' }, title(part),
      isGroup && button({ class: 'round', 'aria-label': `Ungroup ${name}`, onclick: () => ungroup(part) }, '×')),
    h('div', { class: 'card-note' }, members.slice(0, marksShown).map((node) => mark(node.kind)), span('grow', note(part))));
  }

  function note({ isGroup, title: name, members: [node, ...others] }) {
    if (isGroup) return count(others.length + 1, 'node');
    if (node.kind === 'token' || node.kind === 'logit') return node.name;
    return `${name === node.name ? '' : `${node.name} `}“${visible(node.token)}”`;
  }

  function title(part) {
    if (!part.isGroup) return span('grow', part.title);
    if (part.ref !== renaming) return button({ class: 'grow label', title: 'Rename', onclick: () => startRenaming(part) }, part.title);
    return textEditor(part.title, { 'aria-label': 'Name of the supernode', class: 'grow' }, (name) => {
      renaming = null;
      if (name !== null && name !== part.title) actions.rename(part, name);
      rebuild();
    });
  }

  /** While nodes are being grouped, a click on the label counts as one on the card. */
  function startRenaming(part) {
    if (state.grouping) return actions.collect(part.ref);
    renaming = part.ref;
    rebuild();
  }

  /** In thousandths of the canvas. */
  const inThousandths = ({ x, y }) => ({ x: 1000 * x / canvas.clientWidth, y: 1000 * y / canvas.clientHeight });

  /** Cards that nobody has placed are hidden until the server answers. */
  function placeParts() {
    canvas.style.minWidth = `${layout.width}px`;
    canvas.style.minHeight = `${layout.height}px`;
    const card = cardSize();
    const { sg_pos } = state.annotations;
    const tidy = new Map([...layout.places].map(([ref, place]) => [ref, inThousandths(place)]));
    const known = sg_pos === '' ? tidy : readPlaces(sg_pos, shown) ?? places;
    const kept = new Map([...known].filter(([ref]) => cardOf(ref)).map(([ref, place]) => [ref, sg_pos === '' ? place : inside(place, card)]));
    for (const part of isAsking ? [] : shown.filter(({ ref }) => !kept.has(ref))) {
      const wanted = meanPlace(part) ?? tidy.get(part.ref) ?? { x: 0, y: 0 };
      kept.set(part.ref, freeNear(inside(wanted, card), [...kept.values()], card));
    }
    // Members of a supernode leave their places to it only when it has one.
    if (!isAsking || kept.size === shown.length) places = kept;
    draw();
    if (!isAsking) keepPlaces();
  }

  /** A new supernode takes the place of its members. */
  function meanPlace({ members }) {
    const known = members.map((node) => places.get(node.key)).filter(Boolean);
    const mean = (axis) => known.reduce((sum, place) => sum + place[axis], 0) / known.length;
    return known.length ? { x: mean('x'), y: mean('y') } : null;
  }

  function draw() {
    const { clientWidth: width, clientHeight: height } = canvas;
    const at = new Map(shown.flatMap((part) => {
      const element = cardOf(part.ref);
      const place = places.get(part.ref);
      element.style.visibility = place ? 'visible' : 'hidden';
      if (!place) return [];
      const [x, y] = [place.x * width / 1000, place.y * height / 1000];
      element.style.transform = `translate(${x}px, ${y}px)`;
      return [[part.ref, { x: x + element.offsetWidth / 2, top: y, bottom: y + element.offsetHeight, isTidy: isNear({ x, y }, layout.places.get(part.ref)) }]];
    }));
    const drawn = links.filter(({ source, target }) => at.has(source.ref) && at.has(target.ref));
    lines.replaceChildren(...drawn.map((link) => svg('path', {
      d: pathOf(link, at.get(link.source.ref), at.get(link.target.ref)),
      class: link.weight > 0 ? 'positive' : 'negative', 'stroke-width': 0.6 + 9 * Math.sqrt(Math.min(link.share, 0.6)),
      'data-source': link.source.ref, 'data-target': link.target.ref,
    }, svg('title', {}, `${link.source.title} → ${link.target.title}: ${link.weight < 0 ? '−' : '+'}${percent(link.share)}`))));
    markLinks();
  }

  /** Places are saved in thousandths, rounded. */
  const isNear = (place, other) => other !== undefined && Math.abs(place.x - other.x) < 2 && Math.abs(place.y - other.y) < 2;

  /** Along the route round the cards, as long as both cards are where the layout has them. */
  function pathOf(link, from, to) {
    const route = layout.routes.get(linkKey(link));
    if (from.isTidy && to.isTidy && route) return routePath(route);
    const bend = Math.max(12, Math.abs(from.top - to.bottom) / 2.5);
    return `M${from.x},${from.top}C${from.x},${from.top - bend} ${to.x},${to.bottom + bend} ${to.x},${to.bottom}`;
  }

  /** Moves a card with the pointer; without movement it is a click. */
  function drag(part, down) {
    if (down.button !== 0 || down.target.closest('button, input')) return;
    const card = cardOf(part.ref);
    const start = places.get(part.ref);
    let isMoved = false;
    const move = (event) => {
      const [dx, dy] = [event.clientX - down.clientX, event.clientY - down.clientY];
      isMoved ||= Math.hypot(dx, dy) > 3;
      if (!isMoved || state.grouping) return;
      places.set(part.ref, inside({ x: start.x + 1000 * dx / canvas.clientWidth, y: start.y + 1000 * dy / canvas.clientHeight }, cardSize()));
      draw();
    };
    card.setPointerCapture(down.pointerId);
    card.addEventListener('pointermove', move);
    card.addEventListener('lostpointercapture', () => {
      card.removeEventListener('pointermove', move);
      if (!isMoved) actions.click(part.ref, down);
      else actions.setPositions(writePlaces(places, shown));
    }, { once: true });
  }

  function press(part, event) {
    if (event.target !== event.currentTarget) return;
    if (event.key === 'Enter' || event.key === ' ') {
      actions.click(part.ref, event);
    } else if (event.key === 'p' || event.key === 'Delete') {
      actions.togglePin(part.ref);
    } else if (event.shiftKey && steps[event.key]) {
      const { x, y } = places.get(part.ref);
      places.set(part.ref, inside({ x: x + steps[event.key][0], y: y + steps[event.key][1] }, cardSize()));
      draw();
      actions.setPositions(writePlaces(places, shown));
    } else {
      return;
    }
    event.preventDefault();
  }

  function showMarks() {
    const { hovered, selected, grouping } = state;
    for (const element of cards.children) {
      const { ref } = element.dataset;
      element.classList.toggle('selected', ref === selected);
      element.classList.toggle('hovered', ref === hovered);
      element.classList.toggle('collected', grouping?.includes(ref) ?? false);
    }
    markLinks();
    board.classList.toggle('grouping', grouping !== null);
    groupButton.textContent = grouping ? `Group ${grouping.length}` : 'Group…';
    groupButton.setAttribute('aria-pressed', String(grouping !== null));
    groupButton.disabled = shown.length < 2;
    ungroupButton.disabled = selectedGroup() === null;
    tidyButton.disabled = state.annotations.sg_pos === '';
    clearButton.disabled = state.annotations.pinnedIds.length === 0;
    for (const each of figureButtons) each.disabled = shown.length === 0;
  }

  function markLinks() {
    const centre = state.hovered ?? state.selected;
    lines.classList.toggle('some', shown.some((part) => part.ref === centre));
    for (const { classList, dataset } of lines.children) classList.toggle('near', dataset.source === centre || dataset.target === centre);
  }

  function showScores() {
    const { scores: found, annotations: { pinnedIds } } = state;
    const pair = ({ replacement, completeness }) => [number(replacement, 2), number(completeness, 2)];
    const [replacement, completeness] = found ? pair(found.pinned) : [];
    scores.hidden = !found || pinnedIds.length === 0;
    if (scores.hidden) return;
    const whole = `(${found.of} ${pair(found.graph).join(', ')})`;
    scores.textContent = `pinned subgraph: replacement ${replacement}, completeness ${completeness} ${whole}`;
  }

  new ResizeObserver(() => {
    if (!state?.graph) return;
    askForLayout();
    placeParts();
  }).observe(board);

  return (next, last) => {
    state = next;
    if (!state.graph) return;
    const { annotations } = state;
    const isOther = state.graph !== last.graph;
    if (state.slug !== last.slug) places = new Map();
    if (isOther || changed(annotations, last.annotations, 'pinnedIds', 'supernodes', 'clerps', 'sg_pos')) {
      isEdited = !isOther && annotations.sg_pos === last.annotations.sg_pos;
      rebuild();
    } else if (changed(state, last, 'selected', 'hovered', 'grouping')) {
      showMarks();
    }
    if (changed(state, last, 'scores', 'annotations')) showScores();
  };

  /** After parts were dragged and others came or went, the saved places must name all of them. */
  function keepPlaces() {
    if (isEdited && state.annotations.sg_pos !== '' && readPlaces(state.annotations.sg_pos, shown) === null) {
      isEdited = false;
      actions.setPositions(shown.length ? writePlaces(places, shown) : '');
    }
  }
}
