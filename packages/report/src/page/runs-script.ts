/** The only script of the page of all runs: it fetches the page anew, and shows what changed. */
export const runsScript = `'use strict';
(() => {
  const renew = async () => {
    if (document.hidden) return;
    try {
      const response = await fetch(location.href);
      if (response.status !== 200) return;
      const fresh = new DOMParser().parseFromString(await response.text(), 'text/html').querySelector('main');
      const main = document.querySelector('main');
      if (fresh.dataset.version === main.dataset.version) return;
      const focused = document.activeElement && document.activeElement.getAttribute('href');
      main.replaceWith(document.adoptNode(fresh));
      if (focused) [...document.querySelectorAll('a')].find((link) => link.getAttribute('href') === focused)?.focus();
    } catch {
      // The server has gone, or is about to come back.
    }
  };
  setInterval(renew, Number(document.documentElement.dataset.live));
})();
`;
