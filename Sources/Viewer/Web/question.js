// Asks before something that cannot be undone.

import { button, h } from './dom.js';

/**
 * @param {string} question
 * @param {string} action   the label of the button that confirms
 * @returns {Promise<boolean>} whether it was chosen
 */
export function ask(question, action) {
  const dialog = document.getElementById('question');
  dialog.replaceChildren(
    h('p', { id: 'question-text' }, question),
    h('form', { method: 'dialog', class: 'toolbar' },
      button({ autofocus: true, onclick: () => dialog.close() }, 'Cancel'), h('button', { value: 'yes', 'data-testid': 'confirm' }, action)),
  );
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => { dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true }); });
}
