// The session, requested every second and a half while the page is visible: what is set in the console appears here.

import { RequestError, fetchSession } from './api.js';

const interval = 1500;

/**
 * @param {ReturnType<import('./state.js').createStore>} store
 * @param {import('./actions.js').Actions} actions
 */
export async function watchSession(store, actions) {
  for (;;) {
    if (!document.hidden) {
      try {
        const known = store.get().session;
        const session = await fetchSession();
        const isOvertaken = store.get().session !== known || actions.isIntervening();
        if (!isOvertaken && session.revision !== known?.revision) store.update({ session });
        if (!store.get().isAnswered) actions.resume();
      } catch (error) {
        if (!(error instanceof RequestError)) throw error;
        actions.report(error);
      }
    }
    await new Promise((resolve) => setTimeout(resolve, interval));
  }
}
