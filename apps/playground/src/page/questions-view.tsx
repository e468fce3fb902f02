// A question as something to try: what the texts say, two games, what to watch, and what was measured.
import { questions } from '../questions/questions.ts';
import { namesOfGames } from './comparison.tsx';
import { PartList } from './part-form.tsx';
import { PicturesStage } from './pictures-stage.tsx';
import { Readings } from './readings.tsx';
import { changePart, LiveParts, PlayerForm } from './settings.tsx';
import { Share } from './share.tsx';
import { LayerSwitches, Legend, Stage } from './stage.tsx';
import { games, recipe } from './store.ts';
import { Transport } from './transport.tsx';

const page = 'https://github.com/gankit/gankit/blob/main/docs/game.md';

export function QuestionList() {
  return (
    <div class="list">
      <h1>Questions that everybody asks</h1>
      <p class="lead">
        Each opens a game that answers it, with what to watch, and with what was measured over three seeds.
      </p>
      <ol>
        {questions.map(({ id, title, texts }) => (
          <li key={id}>
            <a href={`#questions/${id}`}>{title}</a>
            <p>{texts}</p>
          </li>
        ))}
      </ol>
    </div>
  );
}

export function QuestionView({ id }: { readonly id: string }) {
  const question = questions.find((each) => each.id === id);
  if (question === undefined) return null;
  const open = recipe.value;
  const { controls } = question;
  const names = question.names ?? namesOfGames();
  const isImages = games.value[0]?.kind === 'images';
  return (
    <div class="view question">
      <article>
        <p class="back">
          <a href="#questions">All questions</a>
        </p>
        <h1>{question.title}</h1>
        <p class="lead">{question.texts}</p>
        <h2>Watch</h2>
        <ol class="watch">
          {question.watch.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ol>
        <details>
          <summary>What was measured</summary>
          <p>{question.measured}</p>
          <p class="quiet">
            {question.section !== '' && (
              <>
                <a href={`${page}#${question.section}`}>The tables</a>.{' '}
              </>
            )}
            Source: {question.source}.
          </p>
        </details>
      </article>
      <div class="middle">
        <Transport />
        {isImages ? <PicturesStage names={names} /> : <Stage names={names} />}
        <div class="under">
          {!isImages && <Legend />}
          <LayerSwitches only={isImages ? ['gradient'] : undefined} />
        </div>
        {open && controls.length > 0 && (
          <section class="settings few" aria-label="Settings">
            <LiveParts recipe={open} only={controls} />
            {controls.includes('generator') && <PlayerForm player="generator" open={open} />}
            {controls.includes('discriminator') && <PlayerForm player="discriminator" open={open} />}
            {controls.includes('conditioning') && (
              <PartList
                kind="conditioning"
                legend="What the players are told"
                parts={open.conditioning}
                onChange={(parts) => changePart('conditioning', parts)}
                only={({ name }) => name !== 'codes' && name !== 'images'}
              />
            )}
          </section>
        )}
        <Share />
      </div>
      <Readings names={names} />
    </div>
  );
}
