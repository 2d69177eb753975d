// The places of the subgraph's parts: as the server lays them out, or as dragged and saved.
// A place is the upper left corner of a card, in thousandths of the canvas, which is the pane or, where the layout needs more, larger.

/** @typedef {import('./circuit.js').Part} Part */
/** @typedef {Map<string, {x: number, y: number}>} Places  by `Part.ref` */

/**
 * @typedef {Object} Layout   in pixels
 * @property {number} width
 * @property {number} height
 * @property {Places} places
 * @property {Map<string, {x: number, y: number}[]>} routes   by `linkKey`
 */

/** @type {Layout} */
export const emptyLayout = { width: 0, height: 0, places: new Map(), routes: new Map() };

export const linkKey = ({ source, target }) => `${source.ref} ${target.ref}`;

/** Around the layout. */
const margin = 6;

/**
 * The request for a layout.
 * @param {Part[]} parts
 * @param {import('./circuit.js').PartLink[]} links
 * @param {(part: Part) => {width: number, height: number}} sizeOf
 * @param {{width: number, height: number}} room
 */
export function layoutRequest(parts, links, sizeOf, room) {
  const number = new Map(parts.map((part, index) => [part, index]));
  return {
    cards: parts.map((part) => ({ ...sizeOf(part), order: part.row, across: part.position })),
    links: links.map(({ source, target }) => ({ source: number.get(source), target: number.get(target) })),
    room: { width: Math.max(room.width - 2 * margin, 0), height: Math.max(room.height - 2 * margin, 0) },
  };
}

/** The answer to it, in the middle of the room or from its corner. @returns {Layout} */
export function readLayout({ width, height, cards, routes }, parts, links, room) {
  const left = Math.max((room.width - width) / 2, margin);
  const top = Math.max((room.height - height) / 2, margin);
  const moved = (x, y) => ({ x: x + left, y: y + top });
  return {
    width: width + 2 * margin, height: height + 2 * margin,
    places: new Map(parts.map((part, index) => [part.ref, moved(cards[index].x, cards[index].y)])),
    routes: new Map(links.map((link, index) => [linkKey(link), routes[index].map(([x, y]) => moved(x, y))])),
  };
}

/** A route as the path of a line: upright, or a curve that begins and ends upright, from each point to the next. */
export function routePath([first, ...others]) {
  let last = first;
  return others.reduce((path, point) => {
    const middle = (last.y + point.y) / 2;
    const piece = point.x === last.x ? `V${point.y}` : `C${last.x},${middle} ${point.x},${middle} ${point.x},${point.y}`;
    last = point;
    return path + piece;
  }, `M${first.x},${first.y}`);
}

/** Some space stays free beside and above a card. */
const spaced = (card) => ({ width: card.width * 1.04, height: card.height * 1.15 });

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
