import type { View } from './address.ts';
import { EngineButton } from './engine-dialog.tsx';
import { NoticeBar } from './notice.tsx';
import { PicturesView } from './pictures-view.tsx';
import { PointsView } from './points-view.tsx';
import { QuestionList, QuestionView } from './questions-view.tsx';
import { place } from './store.ts';
import { ThemeButton } from './theme.tsx';

const views: readonly (readonly [view: View, title: string])[] = [
  ['points', 'Points'],
  ['pictures', 'Pictures'],
  ['questions', 'Questions'],
];

function Content() {
  const { view, question } = place.value;
  if (view === 'points') return <PointsView />;
  if (view === 'pictures') return <PicturesView />;
  return question === undefined ? <QuestionList /> : <QuestionView key={question} id={question} />;
}

export function App() {
  const { view } = place.value;
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the game
      </button>
      <header class="top">
        <a class="name" href="#points">
          GANKit <span>playground</span>
        </a>
        <nav aria-label="Views">
          {views.map(([name, title]) => (
            <a key={name} href={`#${name}`} aria-current={name === view ? 'page' : undefined}>
              {title}
            </a>
          ))}
        </nav>
        <div class="tools">
          <EngineButton />
          <ThemeButton />
        </div>
      </header>
      <NoticeBar />
      <main id="main" tabIndex={-1}>
        <Content />
      </main>
    </>
  );
}
