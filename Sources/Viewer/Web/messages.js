// Errors, and problems with the folder, in the server's words, until they are dismissed or a retry succeeds.

import { button, h } from './dom.js';
import { changed } from './state.js';

const unanswered = 'The server does not answer. It may have been stopped. The page still shows what it has loaded.';

/**
 * @param {HTMLElement} host
 * @param {import('./actions.js').Actions} actions
 */
export function createMessages(host, actions) {
  const row = (text, ...buttons) => h('div', { class: 'message', role: 'alert', 'data-testid': 'message' }, h('span', { class: 'grow' }, text), buttons);
  const cross = (onclick) => button({ class: 'round', 'aria-label': 'Dismiss', onclick }, '×');
  return (state, last) => {
    if (!changed(state, last, 'messages', 'notices', 'isAnswered')) return;
    host.replaceChildren(
      ...state.isAnswered ? [] : [row(unanswered)],
      ...state.notices.map((notice) => row(notice, cross(() => actions.dismissNotice(notice)))),
      ...state.messages.map((message) => row(message.text,
        message.again && button({ onclick: () => actions.tryAgain(message) }, 'Retry'), cross(() => actions.dismiss(message)))));
  };
}
