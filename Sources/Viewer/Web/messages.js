// What went wrong, in the server's words, until it is dismissed or succeeds.

import { button, h } from './dom.js';
import { changed } from './state.js';

/**
 * @param {HTMLElement} host
 * @param {import('./actions.js').Actions} actions
 */
export function createMessages(host, actions) {
  return (state, last) => {
    if (!changed(state, last, 'messages')) return;
    host.replaceChildren(...state.messages.map((message) => h('div', { class: 'message', role: 'alert', 'data-testid': 'message' },
      h('span', { class: 'grow' }, message),
      button({ onclick: actions.tryAgain }, 'Retry'),
      button({ class: 'round', 'aria-label': 'Dismiss', onclick: () => actions.dismiss(message) }, '×'))));
  };
}
