// Light or dark: what the system says, until somebody chooses.
import { signal } from '@preact/signals';

type Theme = 'light' | 'dark';

const key = 'gankit-theme';
const ofSystem = matchMedia('(prefers-color-scheme: dark)');

function chosen(): Theme | undefined {
  try {
    const theme = localStorage.getItem(key);
    return theme === 'light' || theme === 'dark' ? theme : undefined;
  } catch {
    // Storage may be forbidden; the system's theme is a good one.
    return undefined;
  }
}

export const theme = signal<Theme>(chosen() ?? (ofSystem.matches ? 'dark' : 'light'));

/** Shows the theme, and follows the system as long as nobody chose. */
export function applyTheme(): void {
  theme.subscribe((value) => {
    document.documentElement.dataset['theme'] = value;
  });
  ofSystem.addEventListener('change', ({ matches }) => {
    if (chosen() === undefined) theme.value = matches ? 'dark' : 'light';
  });
}

export function ThemeButton() {
  const other = theme.value === 'dark' ? 'light' : 'dark';
  const choose = () => {
    theme.value = other;
    try {
      localStorage.setItem(key, other);
    } catch {
      // It holds for this visit.
    }
  };
  return (
    <button
      type="button"
      class="plain icon"
      onClick={choose}
      aria-label={`Use the ${other} theme`}
      title={`Use the ${other} theme`}
    >
      <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
        <circle cx="10" cy="10" r="7" fill="none" stroke="currentColor" stroke-width="1.6" />
        <path d="M10 3a7 7 0 0 1 0 14z" fill="currentColor" />
      </svg>
    </button>
  );
}
