// The places of the subgraph's parts: as dragged and saved, or by layer and position without overlaps.
// A place is the upper left corner of a card, in thousandths of the pane.

/** @typedef {import('./circuit.js').Part} Part */
/** @typedef {Map<string, {x: number, y: number}>} Places  by `Part.ref` */

/**
 * Layers up and positions across, by rank rather than by value, with overlapping cards pushed apart. If there is no room for
 * that, rows of cards, layer by layer.
 * @param {Part[]} parts
 * @param {{width: number, height: number}} card   in thousandths of the pane
 * @returns {Places}
 */
export function arrange(parts, card) {
  const rank = (values) => {
    const sorted = [...new Set(values)].sort((a, b) => a - b);
    return (value) => (sorted.length > 1 ? sorted.indexOf(value) / (sorted.length - 1) : 0.5);
  };
  const across = rank(parts.map((part) => part.position));
  const up = rank(parts.map((part) => part.row));
  const places = parts.map((part) => ({ x: across(part.position) * (1000 - card.width), y: (1 - up(part.row)) * (1000 - card.height) }));
  let isCrowded = true;
  for (let round = 0; round < 200 && isCrowded; round++) isCrowded = separate(places, card);
  return isCrowded ? inRows(parts, card) : new Map(parts.map((part, index) => [part.ref, places[index]]));
}

/** Some space stays free beside and above a card. */
const spaced = (card) => ({ width: card.width * 1.04, height: card.height * 1.15 });

/** Rows from the top, each with parts of one layer by position, spaced as far apart as the pane allows. */
function inRows(parts, card) {
  const { width } = spaced(card);
  const perRow = Math.max(1, Math.floor((1000 - card.width) / width) + 1);
  const rows = [];
  for (const row of [...new Set(parts.map((part) => part.row))].sort((a, b) => b - a)) {
    const layer = parts.filter((part) => part.row === row).sort((a, b) => a.position - b.position);
    for (let start = 0; start < layer.length; start += perRow) rows.push(layer.slice(start, start + perRow));
  }
  const stepY = rows.length > 1 ? (1000 - card.height) / (rows.length - 1) : 0;
  return new Map(rows.flatMap((row, index) => {
    const stepX = (1000 - card.width) / Math.max(perRow - 1, 1);
    const start = (1000 - card.width - stepX * (row.length - 1)) / 2;
    return row.map((part, column) => [part.ref, inside({ x: start + column * stepX, y: index * stepY }, card)]);
  }));
}

/** Pushes overlapping pairs apart by half of their overlap, in the direction that needs less. Returns whether any overlapped. */
function separate(places, card) {
  let isMoved = false;
  const { width, height } = spaced(card);
  for (let i = 0; i < places.length; i++) {
    for (let j = 0; j < i; j++) {
      const [a, b] = [places[i], places[j]];
      const overlapX = width - Math.abs(a.x - b.x);
      const overlapY = height - Math.abs(a.y - b.y);
      if (overlapX <= 1 || overlapY <= 1) continue;
      isMoved = true;
      const axis = overlapX / card.width < overlapY / card.height ? 'x' : 'y';
      const push = (axis === 'x' ? overlapX : overlapY) / 2 * (a[axis] < b[axis] ? -1 : 1);
      a[axis] += push;
      b[axis] -= push;
    }
  }
  for (const place of places) Object.assign(place, inside(place, card));
  return isMoved;
}

/** The place nearest to `wanted` where a card covers none of those `taken`; `wanted` if there is no room. */
export function freeNear(wanted, taken, card) {
  const { width, height } = spaced(card);
  const isFree = ({ x, y }) => taken.every((other) => Math.abs(other.x - x) >= width || Math.abs(other.y - y) >= height);
  const steps = (size) => Array.from({ length: Math.floor((1000 - size) / (size / 2)) + 1 }, (_, step) => step * size / 2);
  const distance = ({ x, y }) => Math.hypot(x - wanted.x, y - wanted.y);
  const places = steps(card.height).flatMap((y) => steps(card.width).map((x) => ({ x, y })));
  return [wanted, ...places.sort((a, b) => distance(a) - distance(b))].find(isFree) ?? wanted;
}

const clamp = (value, most) => Math.max(0, Math.min(value, most));

/** The nearest place where a card is entirely in the pane. */
export const inside = ({ x, y }, card) => ({ x: clamp(x, 1000 - card.width), y: clamp(y, 1000 - card.height) });

/** The order in which the published front-end reads `sg_pos`: by the characters of the members' feature numbers, sorted. */
function savedOrder(parts) {
  const order = (part) => [...part.members.map((node) => node.code).join(' ')].sort().join();
  return parts.map((part) => [order(part), part]).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, part]) => part);
}

/** `sg_pos` as places; null if it was saved for other parts. @returns {Places|null} */
export function readPlaces(text, parts) {
  const numbers = text.split(' ').map(Number);
  if (text === '' || numbers.length !== 2 * parts.length || !numbers.every(Number.isFinite)) return null;
  return new Map(savedOrder(parts).map((part, index) => [part.ref, { x: numbers[2 * index], y: numbers[2 * index + 1] }]));
}

/** @param {Places} places */
export function writePlaces(places, parts) {
  return savedOrder(parts).flatMap((part) => [places.get(part.ref).x, places.get(part.ref).y]).map(Math.round).join(' ');
}
