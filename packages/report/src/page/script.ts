/**
 * The only script of a report. The page is whole without it; with it the slider moves through the samples, all charts show their numbers at the
 * same step, and a page that is served while a run goes on fetches itself anew.
 */
export const pageScript = `'use strict';
(() => {
  const svgNamespace = 'http://www.w3.org/2000/svg';
  let playing;
  let atEnd = true;
  const stop = () => {
    clearInterval(playing);
    playing = undefined;
    const button = document.getElementById('play');
    if (button) button.textContent = 'Play';
  };
  function begin(kept) {
    const data = JSON.parse(document.getElementById('curve-data').textContent);
    const charts = [...document.querySelectorAll('svg[data-from]')];
    const frames = [...document.querySelectorAll('.film .frame')];
    const slider = document.getElementById('slider');
    const label = document.getElementById('step');
    const play = document.getElementById('play');
    const number = (value) => Math.abs(value) >= 1e5 || (value !== 0 && Math.abs(value) < 1e-3) ? value.toExponential(2) : String(Number(value.toPrecision(4)));
    function nearest(points, step) {
      let [low, high] = [0, points.length - 1];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (points[middle][0] < step) low = middle + 1; else high = middle;
      }
      return low > 0 && step - points[low - 1][0] < points[low][0] - step ? points[low - 1] : points[low];
    }
    function showStep(step) {
      for (const svg of charts) {
        const [left, right, top, bottom, from, to] = ['left', 'right', 'top', 'bottom', 'from', 'to'].map((name) => Number(svg.dataset[name]));
        let line = svg.querySelector('.at');
        if (!line) {
          line = document.createElementNS(svgNamespace, 'line');
          line.setAttribute('class', 'at');
          line.setAttribute('stroke', 'currentColor');
          svg.append(line);
        }
        const x = left + Math.min(1, Math.max(0, (step - from) / (to - from))) * (right - left);
        for (const [name, value] of [['x1', x], ['x2', x], ['y1', top], ['y2', bottom]]) line.setAttribute(name, String(value));
      }
      for (const output of document.querySelectorAll('output[data-curve]')) {
        const points = data[Number(output.dataset.curve)];
        output.textContent = points && points.length > 0 ? number(nearest(points, step)[1]) : '';
      }
      if (label) label.textContent = 'Step ' + step.toLocaleString('en');
      if (slider) slider.setAttribute('aria-valuetext', 'step ' + step);
    }
    function showFrame(index) {
      frames.forEach((frame, place) => { frame.hidden = place !== index; });
      atEnd = index === frames.length - 1;
      showStep(Number(frames[index].dataset.step));
    }
    if (slider) {
      const index = kept === undefined ? frames.length - 1 : Math.min(kept, frames.length - 1);
      slider.value = String(index);
      showFrame(index);
      slider.addEventListener('input', () => { stop(); showFrame(Number(slider.value)); });
      play.addEventListener('click', () => {
        if (playing !== undefined) return stop();
        play.textContent = 'Pause';
        if (Number(slider.value) === frames.length - 1) slider.value = '-1';
        const next = () => {
          const index = Number(slider.value) + 1;
          slider.value = String(index);
          showFrame(index);
          if (index >= frames.length - 1) stop();
        };
        slider.value === '0' ? showFrame(0) : next();
        playing = setInterval(next, Math.max(120, Math.min(700, 9000 / frames.length)));
      });
    }
    for (const svg of charts) {
      svg.addEventListener('pointermove', (event) => {
        const box = svg.getBoundingClientRect();
        const x = (event.clientX - box.left) / box.width * svg.viewBox.baseVal.width;
        const [left, right, from, to] = ['left', 'right', 'from', 'to'].map((name) => Number(svg.dataset[name]));
        showStep(Math.round(Math.min(to, Math.max(from, from + (x - left) / (right - left) * (to - from)))));
      });
      svg.addEventListener('pointerleave', () => { if (slider) showFrame(Number(slider.value)); });
    }
  }
  addEventListener('beforeprint', () => { for (const details of document.querySelectorAll('details.print')) details.open = true; });
  const live = () => document.documentElement.dataset.live;
  async function renew() {
    try {
      const response = await fetch(location.href, { headers: { 'If-None-Match': document.querySelector('main').dataset.version } });
      if (response.status !== 200) return;
      const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
      const main = document.querySelector('main');
      if (fresh.querySelector('main').dataset.version === main.dataset.version) return;
      const focused = document.activeElement && document.activeElement.id;
      const open = [...main.querySelectorAll('details')].map((details) => details.open);
      const slider = document.getElementById('slider');
      const kept = slider && !atEnd ? Number(slider.value) : undefined;
      stop();
      for (const name of ['header', 'main']) document.querySelector('body>' + name).replaceWith(document.adoptNode(fresh.querySelector('body>' + name)));
      document.querySelectorAll('main details').forEach((details, index) => { details.open = open[index] === true; });
      if (focused) document.getElementById(focused)?.focus();
      begin(kept);
    } catch {
      // The server has gone, or is about to come back.
    }
  }
  begin();
  if (live()) setInterval(() => { if (!document.hidden && playing === undefined) renew(); }, Number(live()));
})();
`;
