// What somebody waits for, said as long as it takes: the session answers one thing at a time, and may be making an index meanwhile.

import { RequestError, fetchProgress } from './api.js';
import { h, percent } from './dom.js';

const patience = 300;
const interval = 500;

/**
 * @template T
 * @param {Promise<T>} promise
 * @param {(words: HTMLElement[]) => void} say   called again and again until then, unless that is soon
 * @returns {Promise<T>} the same promise
 */
export function sayingWhy(promise, say) {
  let isDone = false;
  const done = promise.finally(() => { isDone = true; });
  watch();
  return done;

  async function watch() {
    await delay(patience);
    while (!isDone) {
      const words = wordsFor(await progress());
      if (!isDone) say(words);
      await delay(interval);
    }
  }
}

/** @returns {Promise<{phase: string, done: number, total: number}|null>} null also where the server does not answer, which the one who waits is told */
async function progress() {
  try {
    return (await fetchProgress()).progress;
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return null;
  }
}

const phases = { indexing: 'Reading texts to see where features fire', 'reading examples': 'Reading the examples, to search in them' };

function wordsFor(progress) {
  if (!progress) return [h('span', {}, 'Waiting for the session, which is at work…')];
  const { phase, done, total } = progress;
  return [
    h('span', {}, `${phases[phase]}: ${percent(done / Math.max(total, 1))}`),
    h('progress', { value: done, max: Math.max(total, 1), 'aria-label': phases[phase] }),
  ];
}

const delay = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });
