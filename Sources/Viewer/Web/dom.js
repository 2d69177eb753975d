// Helpers to build elements. Styles are set through the CSSOM, because the page's policy forbids style attributes.

import { begin } from './settling.js';

/**
 * An element. `onclick` and the like become listeners, `style` sets properties (including custom ones), `true` an empty
 * attribute; `null`, `undefined` and `false` are left out, in the attributes and in the children.
 * @param {string} tag
 * @param {Object<string, *>} [attributes]
 * @param {...(Node|string|number|null|undefined|false|Array)} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** An SVG element; see `h`. @returns {SVGElement} */
export function svg(tag, attributes, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

/** @returns {HTMLButtonElement} a button that does not submit */
export const button = (attributes, ...children) => h('button', { type: 'button', ...attributes }, ...children);

export const span = (className, ...children) => h('span', { class: className }, ...children);

/** The mark of a kind of node, as the link graph draws it. @param {import('./graph.js').Kind|'group'} kind */
export const mark = (kind) => span(`mark ${kind}`);

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'style') for (const [property, text] of Object.entries(value)) element.style.setProperty(property, text);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Replaces the contents of `host` but keeps the keyboard's focus: on the element with the same `data-focus`, else on the first. */
export function replace(host, ...children) {
  const focused = host.contains(document.activeElement) ? document.activeElement.dataset.focus : undefined;
  host.replaceChildren(...children.flat().filter(Boolean));
  if (focused === undefined) return;
  const successor = host.querySelector(`[data-focus="${CSS.escape(focused)}"]`) ?? host.querySelector('[data-focus]');
  successor?.focus({ preventScroll: true });
}

/**
 * Calls `action` once, `milliseconds` after the last call; `now` calls it at once if it was waiting.
 * @param {boolean} [isAwaited]   whether the page settles only after it
 */
export function debounce(milliseconds, action, isAwaited = true) {
  let timer = null;
  let finish = null;
  const run = async () => {
    const finished = finish;
    timer = finish = null;
    try { await action(); } finally { finished?.(); }
  };
  const later = () => {
    clearTimeout(timer);
    if (isAwaited) finish ??= begin();
    timer = setTimeout(run, milliseconds);
  };
  later.now = () => { if (timer !== null) { clearTimeout(timer); run(); } };
  return later;
}

/** An in-place editor: Enter and losing focus save, Escape does not. `done(text | null)` is called once. */
export function textEditor(text, attributes, done) {
  let isOpen = true;
  const close = (value) => { if (isOpen) { isOpen = false; done(value); } };
  const input = h('input', {
    ...attributes, type: 'text', value: text, spellcheck: 'false',
    onblur: () => close(input.value.trim()),
    onkeydown: (event) => {
      event.stopPropagation();
      if (event.key === 'Enter') close(input.value.trim());
      if (event.key === 'Escape') close(null);
    },
  });
  queueMicrotask(() => { input.focus(); input.select(); });
  return input;
}

const marks = { ' ': '·', '\n': '⏎', '\r': '␍', '\t': '⇥' };

const isRightToLeft = /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc]/;

/** A token with visible white space, isolated so that right-to-left text does not reorder its surroundings. */
export function visible(token) {
  const text = token === '' ? '∅' : token.replace(/[ \n\r\t]/g, (space) => marks[space]);
  return isRightToLeft.test(text) ? `\u2068${text}\u2069` : text;
}

/** A prompt as people type it: without the initial special token. */
export const typed = (prompt) => prompt.replace(/^(<bos>|<s>|<\|begin_of_text\|>|<\|endoftext\|>)/, '');

/** A number with few digits, and a true minus sign. */
export function number(value, digits = 3) {
  if (value === null || value === undefined) return '–';
  const size = Math.abs(value);
  const text = size !== 0 && size < 0.001 ? size.toExponential(1) : String(Number(size.toPrecision(digits)));
  return value < 0 ? `−${text}` : text;
}

/** `number`, always with a sign. */
export const signed = (value) => (value > 0 ? `+${number(value)}` : number(value));

export const percent = (share) => (share > 0 && share < 0.001 ? '<0.1%' : `${(share * 100).toFixed(1)}%`);
