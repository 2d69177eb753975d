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
