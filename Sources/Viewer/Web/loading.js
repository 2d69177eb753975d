// Shown while a graph is loading: its name, and never another graph under that name.

import { typed } from './dom.js';
import { isLeaving } from './state.js';

/**
 * @param {HTMLElement} host
 * @param {HTMLElement} panes
 */
export function createLoading(host, panes) {
  return (state) => {
    const isComing = isLeaving(state);
    panes.hidden = state.graph === null;
    panes.inert = isComing;
    host.hidden = !isComing;
    if (isComing) host.textContent = `Loading ${state.opening}… ${promptOf(state)}`;
  };
}

function promptOf({ graphs, opening }) {
  const prompt = graphs?.find(({ slug }) => slug === opening)?.prompt;
  return prompt ? `“${typed(prompt).trim()}”` : '';
}
