// The samples over time, and what else there is to look at.
import type { NamedPicture, RunStory, StoryPicture } from '../run-story.ts';
import { base64, html, type Markup } from './markup.ts';

/** Pictures of the film that are printed side by side. */
const printed = 6;

const address = ({ png }: StoryPicture) => `data:image/png;base64,${base64(png)}`;
/** Pixels of a small picture are shown as squares; one that is large already is not enlarged by much. */
const softness = (width: number) => (width >= 400 ? html` class="soft"` : undefined);
const count = (value: number) => value.toLocaleString('en');

function named({ name, caption, width, height, ...picture }: NamedPicture): Markup {
  return html`<figure class="picture"><h3>${name}</h3><img src="${address({ width, height, ...picture })}" width="${width}" height="${height}" alt="${caption}"><figcaption>${caption}</figcaption></figure>\n`;
}

/** The film of samples with its slider; the last picture alone is shown where no script runs. */
export function samplesSection({ samples, finalSamples }: RunStory): Markup {
  const last = samples.length - 1;
  const keys = new Set(
    Array.from({ length: printed }, (_, index) => Math.round((index / (printed - 1)) * Math.max(0, last))),
  );
  const frames = samples.map((sample, index) => {
    const { step, width, height } = sample;
    return html`<div class="${keys.has(index) ? 'frame key' : 'frame'}" data-step="${step}"${index === last ? '' : html` hidden`}><img${softness(width)} src="${address(sample)}" width="${width}" height="${height}" alt="Samples at step ${count(step)}"><p>Step ${count(step)}</p></div>\n`;
  });
  const controls =
    last > 0
      ? html`<div class="controls"><button type="button" id="play">Play</button><label for="slider">Step of training</label><input type="range" id="slider" min="0" max="${last}" value="${last}" step="1"><output id="step" for="slider">Step ${count(samples[last]!.step)}</output></div>`
      : undefined;
  const full =
    finalSamples === undefined
      ? undefined
      : html`<h3>The last samples in full</h3><div class="picture"><img src="${address(finalSamples)}" width="${finalSamples.width}" height="${finalSamples.height}" alt="All samples of the last picture"></div>`;
  return html`<section aria-labelledby="samples"><h2 id="samples">Samples over time</h2>
${
  samples.length === 0
    ? html`<p>There are no pictures of samples: none was drawn yet, or they are no images and no points of the plane.</p>`
    : html`<p class="quiet">From the same latents at every step, so that one sees them change.</p><div class="film">${controls}${frames}</div>${full}`
}</section>`;
}

/** What else was drawn of the run; nothing without any. */
export function picturesSection({ pictures }: RunStory): Markup | undefined {
  if (pictures.length === 0) return undefined;
  return html`<section aria-labelledby="pictures"><h2 id="pictures">Other pictures of the run</h2><div class="pictures">${pictures.map(named)}</div></section>`;
}
