// What people add to a graph: pins, supernodes, labels, the layout. It is the file's `qParams`. Every change is a function
// from one such value to the next that can be applied twice, or to what was saved elsewhere meanwhile.

/**
 * @typedef {Object} Annotations
 * @property {string[]} pinnedIds
 * @property {string[][]} supernodes      `[name, key, key...]`
 * @property {[string, string][]} clerps  labels by node; '' takes one away
 * @property {'input'|'output'|'either'|'both'} linkType
 * @property {string} clickedId
 * @property {string} sg_pos              "x y x y...", thousandths of the pane, in the published front-end's order
 */

/** @typedef {(annotations: Annotations) => Annotations} Change */

/** Reads the server's `qParams`, in which some lists are comma-separated or JSON text. @returns {Annotations} */
export function readAnnotations(qParams) {
  const params = qParams ?? {};
  return {
    ...params,
    pinnedIds: typeof params.pinnedIds === 'string' ? params.pinnedIds.split(',').filter(Boolean) : params.pinnedIds ?? [],
    supernodes: readList(params.supernodes),
    clerps: readLabels(params.clerps),
    linkType: params.linkType || 'both',
    clickedId: params.clickedId ?? '',
    sg_pos: params.sg_pos ?? '',
  };
}

/** Pairs of a node's key and its label; pairs with a feature's number, for other pages, repeat them. */
export const readLabels = (value) => readList(value).filter(([key]) => key.includes('_'));

/** A list of lists of strings, from a value or from JSON text; anything else is left out. */
export function readList(value) {
  let list = value;
  if (typeof value === 'string') {
    try { list = JSON.parse(value); } catch { list = []; }
  }
  const isRow = (row) => Array.isArray(row) && row.length > 1 && row.every((item) => typeof item === 'string');
  return Array.isArray(list) ? list.filter(isRow) : [];
}

/** @returns {Change} */
export const set = (values) => (annotations) => ({ ...annotations, ...values });

/** @returns {Change} */
export const pin = (...keys) => (annotations) => ({ ...annotations, pinnedIds: [...new Set([...annotations.pinnedIds, ...keys])] });

/** Also takes the nodes out of their supernodes, of which only pinned members are shown. @returns {Change} */
export const unpin = (...keys) => (annotations) => ({
  ...ungroup(keys)(annotations), pinnedIds: annotations.pinnedIds.filter((key) => !keys.includes(key)),
});

/** Makes a supernode; its members leave their old supernodes. @returns {Change} */
export const group = (name, keys) => (annotations) => ({
  ...annotations,
  supernodes: [...ungroup(keys)(annotations).supernodes, [name, ...keys]],
});

/** Takes nodes out of their supernodes, and removes those left empty. @returns {Change} */
export const ungroup = (keys) => (annotations) => ({
  ...annotations,
  supernodes: annotations.supernodes
    .map(([name, ...members]) => [name, ...members.filter((key) => !keys.includes(key))])
    .filter((supernode) => supernode.length > 1),
});

/** Also where the console's `super NAME -> CHILD` names it. @returns {Change} */
export const rename = (keys, name) => (annotations) => {
  const { supernodes, supernodeChildren: children } = annotations;
  const isIt = ([, ...members]) => String(members) === String(keys);
  const old = supernodes.find(isIt)?.[0];
  return {
    ...annotations,
    supernodes: supernodes.map((group) => (isIt(group) ? [name, ...group.slice(1)] : group)),
    ...Array.isArray(children) && { supernodeChildren: readList(children).map((row) => row.map((each) => (each === old ? name : each))) },
  };
};

/** Labels a node, and thus its feature at all positions. @returns {Change} */
export const label = (node, text) => (annotations) => ({
  ...annotations,
  clerps: [...annotations.clerps.filter(([key]) => featureKey(key) !== featureKey(node.key)), [node.key, text]],
});

/** `20_15589_9` to `20_15589`: a feature's meaning does not depend on the position. */
const featureKey = (key) => key.slice(0, key.lastIndexOf('_'));

const namesBySupernodes = new WeakMap();

/** @returns {string} the name of a node's supernode, '' for none */
export function supernodeOf({ supernodes }, node) {
  let names = namesBySupernodes.get(supernodes);
  if (!names) {
    names = new Map(supernodes.flatMap(([name, ...keys]) => keys.map((key) => [key, name])));
    namesBySupernodes.set(supernodes, names);
  }
  return names.get(node.key) ?? '';
}

const labelsByList = new WeakMap();

/** @returns {string} a node's label, '' for none */
export function labelOf(annotations, node) {
  if (node.kind !== 'feature') return '';
  let labels = labelsByList.get(annotations.clerps);
  if (!labels) {
    labels = new Map(annotations.clerps.flatMap(([key, text]) => [[featureKey(key), text], [key, text]]));
    labelsByList.set(annotations.clerps, labels);
  }
  return labels.get(node.key) ?? labels.get(featureKey(node.key)) ?? node.label;
}
