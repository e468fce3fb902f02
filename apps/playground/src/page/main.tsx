import 'uplot/dist/uPlot.min.css';
import './style.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { begin } from './store.ts';
import { applyTheme } from './theme.tsx';

applyTheme();
begin();
render(<App />, document.getElementById('app')!);

// Works without a network after the first visit; where there are no service workers, it simply needs one.
if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  addEventListener('load', () => {
    navigator.serviceWorker
      .register(new URL('./service-worker.js', location.href.split('#')[0]))
      .catch(() => undefined);
  });
}
