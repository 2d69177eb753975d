// The places of the link graph's nodes: tokens across, layers up, nodes of one cell side by side.

/**
 * @typedef {Object} Layout  lengths in CSS pixels
 * @property {number} width
 * @property {number} height
 * @property {{left: number, width: number}[]} columns   by position
 * @property {number[]} rows       the middle of row i - 1: rows[0] holds the tokens, the last the logits
 * @property {number} rowHeight
 * @property {Float32Array} x      by node
 * @property {Float32Array} y
 * @property {Float32Array} radius
 */

const padding = 5;
const smallestRow = 11;
const narrowSlot = 5;
const easySlot = 9;
const logitSlot = 17;

/**
 * @param {import('./graph.js').Graph} graph
 * @param {{width: number, height: number, head: number}} space   `head` is the free space above for the logits' names
 * @param {number[]} labelWidths   of the tokens
 * @returns {Layout}
 */
export function layOut(graph, { width, height, head }, labelWidths) {
  const rowCount = graph.layers + 2;
  const rowHeight = Math.max(smallestRow, (height - head) / rowCount);
  const rows = Array.from({ length: rowCount }, (_, row) => head + (rowCount - row - 0.5) * rowHeight);
  const cells = cellsOf(graph, rowCount);
  const columns = placeColumns(graph, cells, labelWidths, width);
  const largest = Math.min(rowHeight * 0.36, 8);
  const x = new Float32Array(graph.nodes.length);
  const y = new Float32Array(graph.nodes.length);
  const radius = new Float32Array(graph.nodes.length);
  for (const cell of cells.values()) {
    const { left, width: columnWidth } = columns[cell[0].position];
    const room = columnWidth - 2 * padding;
    const slot = Math.min(cell[0].kind === 'logit' ? Infinity : largest * 2.6, room / cell.length);
    cell.forEach((node, place) => {
      x[node.index] = left + columnWidth / 2 + (place - (cell.length - 1) / 2) * slot;
      y[node.index] = rows[node.row + 1];
      radius[node.index] = Math.max(1.6, Math.min(largest, slot * 0.42));
    });
  }
  const last = columns.at(-1);
  return { width: last ? last.left + last.width : width, height: head + rowCount * rowHeight, columns, rows, rowHeight, x, y, radius };
}

/** The nodes of each cell, the most important first; logits by probability. */
function cellsOf(graph, rowCount) {
  const cells = new Map();
  for (const node of graph.nodes) {
    const cell = node.position * rowCount + node.row + 1;
    if (cells.has(cell)) cells.get(cell).push(node); else cells.set(cell, [node]);
  }
  for (const cell of cells.values()) cell.sort((a, b) => b.probability - a.probability || (a.influence ?? 0) - (b.influence ?? 0));
  return cells;
}

const sum = (values) => values.reduce((total, each) => total + each, 0);

/**
 * A column is as wide as its token's name and its fullest cell need. The rest of `width` is distributed by fullness; if the
 * columns must scroll anyway, nodes get ample space.
 */
function placeColumns(graph, cells, labelWidths, width) {
  const fullest = graph.tokens.map(() => 1);
  for (const [{ position }, ...others] of cells.values()) fullest[position] = Math.max(fullest[position], 1 + others.length);
  const narrow = columnWidths(cells, labelWidths, narrowSlot);
  const needed = sum(narrow) <= width ? narrow : columnWidths(cells, labelWidths, easySlot);
  const spare = Math.max(0, width - sum(needed));
  const weight = sum(fullest);
  let left = 0;
  return needed.map((need, position) => {
    const column = { left, width: need + spare * fullest[position] / weight };
    left += column.width;
    return column;
  });
}

function columnWidths(cells, labelWidths, slot) {
  const widths = labelWidths.map((label) => label + 2 * padding);
  for (const [{ position, kind }, ...others] of cells.values()) {
    const width = (1 + others.length) * (kind === 'logit' ? logitSlot : slot) + 2 * padding;
    widths[position] = Math.max(widths[position], width);
  }
  return widths;
}

const cellSize = 24;

/** Returns a function that finds the nearest node within `reach` of a point, or null. @param {Layout} layout */
export function nodeFinder(layout, reach = 18) {
  const grid = new Map();
  const key = (column, row) => column * 65536 + row;
  layout.x.forEach((x, index) => {
    const cell = key(Math.floor(x / cellSize), Math.floor(layout.y[index] / cellSize));
    if (grid.has(cell)) grid.get(cell).push(index); else grid.set(cell, [index]);
  });
  return (x, y) => {
    let best = null;
    let bestDistance = reach;
    for (let column = Math.floor((x - reach) / cellSize); column <= Math.floor((x + reach) / cellSize); column++) {
      for (let row = Math.floor((y - reach) / cellSize); row <= Math.floor((y + reach) / cellSize); row++) {
        for (const index of grid.get(key(column, row)) ?? []) {
          const distance = Math.hypot(layout.x[index] - x, layout.y[index] - y);
          if (distance < bestDistance) [best, bestDistance] = [index, distance];
        }
      }
    }
    return best;
  };
}

/**
 * The node that an arrow key leads to: left and right within the cell, then to the nearest in the next column with nodes; up
 * and down to the nearest in the next row of the same column, else in the next row with nodes.
 * @param {import('./graph.js').Graph} graph
 * @param {Layout} layout
 * @param {import('./graph.js').GraphNode} from
 * @param {'ArrowLeft'|'ArrowRight'|'ArrowUp'|'ArrowDown'} arrow
 * @returns {import('./graph.js').GraphNode|null}
 */
export function neighbour(graph, layout, from, arrow) {
  const sign = arrow === 'ArrowRight' || arrow === 'ArrowUp' ? 1 : -1;
  const isSideways = arrow === 'ArrowLeft' || arrow === 'ArrowRight';
  const dx = (node) => layout.x[node.index] - layout.x[from.index];
  const dy = (node) => node.row - from.row;
  const nearest = (candidates, ...costs) => candidates.reduce((best, node) => {
    const better = costs.map((cost) => (best ? cost(node) - cost(best) : -1)).find((difference) => difference !== 0);
    return better < 0 ? node : best;
  }, null);
  const distanceX = (node) => Math.abs(dx(node));
  const distanceY = (node) => Math.abs(dy(node));
  if (isSideways) {
    const ahead = graph.nodes.filter((node) => sign * dx(node) > 0);
    const beside = ahead.filter((node) => node.row === from.row && node.position === from.position);
    const columnsAway = (node) => Math.abs(node.position - from.position);
    return nearest(beside, distanceX) ?? nearest(ahead.filter((node) => node.position !== from.position), columnsAway, distanceY, distanceX);
  }
  const ahead = graph.nodes.filter((node) => sign * dy(node) > 0);
  return nearest(ahead.filter((node) => node.position === from.position), distanceY, distanceX) ?? nearest(ahead, distanceY, distanceX);
}
