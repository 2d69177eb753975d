// What the page has yet to do for what has happened so far: requests, what waits for a moment's quiet, frames. Whoever drives the page
// waits until all of it is done, and never for a length of time.

let unfinished = 0;

/** Something is to be done: the page is not settled until the function that is returned has been called. */
export function begin() {
  unfinished += 1;
  return () => { unfinished -= 1; };
}

/** @template T @param {Promise<T>} promise @returns {Promise<T>} the same; the page is not settled before it */
export function settlingAfter(promise) {
  return promise.finally(begin());
}

/** Resolves to true when everything is done and drawn. */
export async function settled() {
  do await frameEnd(); while (unfinished > 0);
  return true;
}

/** A task of its own comes after the frame: by then the observers of sizes have seen, and answered, what its drawing changed. */
const frameEnd = () => new Promise((resolve) => { requestAnimationFrame(() => setTimeout(resolve)); });
