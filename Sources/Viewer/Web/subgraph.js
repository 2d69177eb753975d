// The subgraph: pinned nodes and supernodes as cards to drag, rename and group, and the links between them.

import { partLinks, parts } from './circuit.js';
import { button, h, mark, number, percent, replace, signed, span, svg, textEditor, visible } from './dom.js';
import { ask } from './question.js';
import { changed } from './state.js';
import { arrange, freeNear, inside, readPlaces, writePlaces } from './subgraph-layout.js';

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
  const clearButton = button({ title: 'Unpin everything', 'data-testid': 'clear-pins', onclick: () => clear() }, 'Clear');
  const tools = h('div', { class: 'toolbar', role: 'toolbar', 'aria-label': 'Subgraph' }, groupButton, ungroupButton, tidyButton, clearButton);
  const lines = svg('svg', { class: 'links', 'aria-hidden': 'true' });
  const cards = h('div', { class: 'cards' });
  const hint = h('p', { class: 'hint' }, 'Ctrl-click (or P) pins a node here. Hold G and click pinned nodes to group them.');
  const board = h('div', { class: 'board', 'data-testid': 'subgraph' }, lines, cards, hint);
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

  async function clear() {
    const { pinnedIds, supernodes } = state.annotations;
    const groups = supernodes.length ? ` and delete ${count(supernodes.length, 'supernode')}` : '';
    if (await ask(`Unpin ${count(pinnedIds.length, 'node')}${groups}? This cannot be undone.`, 'Clear')) actions.clearPins();
  }

  async function ungroup(part) {
    const question = `Ungroup “${part.title}”? Its ${count(part.members.length, 'node')} stay pinned; its name is lost.`;
    if (await ask(question, 'Ungroup')) actions.ungroup(part);
  }

  const selectedGroup = () => shown.find((part) => part.isGroup && part.ref === state.selected) ?? null;
  const cardOf = (ref) => cards.querySelector(`[data-ref="${CSS.escape(ref)}"]`);

  /** The largest card's size in thousandths of the board. */
  function cardSize() {
    const most = (name) => Math.max(1, ...Array.from(cards.children, (card) => card[name]));
    return { width: 1000 * most('offsetWidth') / board.clientWidth, height: 1000 * most('offsetHeight') / board.clientHeight };
  }

  function rebuild() {
    shown = parts(state.graph, state.annotations);
    links = partLinks(state.graph, shown).slice(-linksShown);
    hint.hidden = shown.length > 0;
    replace(cards, shown.map(card));
    placeParts();
    showMarks();
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
    if (isGroup) return `${others.length + 1} nodes`;
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

  function placeParts() {
    const card = cardSize();
    const tidy = arrange(shown, card);
    if (state.annotations.sg_pos === '') {
      places = tidy;
    } else {
      const known = readPlaces(state.annotations.sg_pos, shown) ?? places;
      const kept = new Map([...known].filter(([ref]) => cardOf(ref)).map(([ref, place]) => [ref, inside(place, card)]));
      for (const part of shown) {
        if (!kept.has(part.ref)) kept.set(part.ref, freeNear(inside(meanPlace(part) ?? tidy.get(part.ref), card), [...kept.values()], card));
      }
      places = kept;
    }
    draw();
  }

  /** A new supernode takes the place of its members. */
  function meanPlace({ members }) {
    const known = members.map((node) => places.get(node.key)).filter(Boolean);
    const mean = (axis) => known.reduce((sum, place) => sum + place[axis], 0) / known.length;
    return known.length ? { x: mean('x'), y: mean('y') } : null;
  }

  function draw() {
    const { clientWidth: width, clientHeight: height } = board;
    const at = new Map(shown.map((part) => {
      const element = cardOf(part.ref);
      const x = places.get(part.ref).x * width / 1000;
      const y = places.get(part.ref).y * height / 1000;
      element.style.transform = `translate(${x}px, ${y}px)`;
      return [part.ref, { x: x + element.offsetWidth / 2, top: y, bottom: y + element.offsetHeight }];
    }));
    lines.replaceChildren(...links.map((link) => {
      const [from, to] = [at.get(link.source.ref), at.get(link.target.ref)];
      const bend = Math.max(12, Math.abs(from.top - to.bottom) / 2.5);
      return svg('path', {
        d: `M${from.x},${from.top}C${from.x},${from.top - bend} ${to.x},${to.bottom + bend} ${to.x},${to.bottom}`,
        class: link.weight > 0 ? 'positive' : 'negative', 'stroke-width': 0.6 + 9 * Math.sqrt(Math.min(link.share, 0.6)),
        'data-source': link.source.ref, 'data-target': link.target.ref,
      }, svg('title', {}, `${link.source.title} → ${link.target.title}: ${signed(link.weight)}, ${percent(link.share)}`));
    }));
    markLinks();
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
      places.set(part.ref, inside({ x: start.x + 1000 * dx / board.clientWidth, y: start.y + 1000 * dy / board.clientHeight }, cardSize()));
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

  new ResizeObserver(() => { if (state?.graph) placeParts(); }).observe(board);

  return (next, last) => {
    state = next;
    if (!state.graph) return;
    const { annotations } = state;
    const isOther = state.graph !== last.graph;
    if (state.slug !== last.slug) places = new Map();
    if (isOther || changed(annotations, last.annotations, 'pinnedIds', 'supernodes', 'clerps', 'sg_pos')) {
      rebuild();
      keepPlaces(!isOther && annotations.sg_pos === last.annotations.sg_pos);
    } else if (changed(state, last, 'selected', 'hovered', 'grouping')) {
      showMarks();
    }
    if (changed(state, last, 'scores', 'annotations')) showScores();
  };

  /** After parts were dragged and others came or went, the saved places must name all of them. */
  function keepPlaces(isEdited) {
    if (isEdited && state.annotations.sg_pos !== '' && readPlaces(state.annotations.sg_pos, shown) === null) {
      actions.setPositions(shown.length ? writePlaces(places, shown) : '');
    }
  }
}
