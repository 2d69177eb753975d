// The page's pending work: requests, debounced actions, frames. Tests that drive the page wait until all of it is done, never
// for a fixed time.

let unfinished = 0;

/** Registers pending work: the page is not settled until the returned function has been called. */
export function begin() {
  unfinished += 1;
  return () => { unfinished -= 1; };
}

/** @template T @param {Promise<T>} promise @returns {Promise<T>} the same promise; the page does not settle before it */
export function settlingAfter(promise) {
  return promise.finally(begin());
}

/** Resolves to true when everything is done and drawn. */
export async function settled() {
  do await frameEnd(); while (unfinished > 0);
  return true;
}

/** A separate task runs after the frame: by then the size observers have reacted to what the drawing changed. */
const frameEnd = () => new Promise((resolve) => { requestAnimationFrame(() => setTimeout(resolve)); });
