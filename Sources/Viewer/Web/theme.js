// Light, dark, or the system's theme; remembered by the browser.

import { button } from './dom.js';

const themes = ['auto', 'light', 'dark'];

/** @param {() => void} onChange */
export function createThemeButton(onChange) {
  let theme = localStorage.getItem('theme') ?? 'auto';
  const toggle = button({ onclick: () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length];
    apply();
    onChange();
  } });
  const apply = () => {
    localStorage.setItem('theme', theme);
    document.documentElement.dataset.theme = theme;
    toggle.textContent = theme;
    toggle.title = `Theme: ${theme}`;
    toggle.setAttribute('aria-label', `Theme: ${theme}`);
  };
  apply();
  return toggle;
}

/** @returns {'light'|'dark'} the one that is seen */
export function shownTheme() {
  const { theme } = document.documentElement.dataset;
  if (theme === 'light' || theme === 'dark') return theme;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}
