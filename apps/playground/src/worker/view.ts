// What is shown of a game, by the kind of its data.
import { type DataSource, GanKitError } from '@gankit/core';
import type { PointDistribution } from '@gankit/data';
import type { Run } from '@gankit/recipes';
import type { Frame, Layers, OpenGame } from '../protocol.ts';
import { imagesView } from './images-view.ts';
import { pointsView } from './points-view.ts';

/** Pictures of a game as it is now. */
export interface View {
  readonly facts: Pick<OpenGame, 'kind' | 'real' | 'modes'>;
  frame(layers: Layers): Promise<Frame>;
  dispose(): void;
}

/** @throws GanKitError `incompatible` for data that the page cannot show. */
export function viewOf(run: Run, source: DataSource): View {
  const told = run.game.generator.needs ?? [];
  if (told.some((need) => need !== 'class')) {
    throw new GanKitError(
      'incompatible',
      `The page can tell players a class, and this recipe tells them ${told.join(', ')}; train it with the gankit command.`,
    );
  }
  if (source.kind === 'points' && source.shape.length === 1 && source.shape[0] === 2) {
    return pointsView(run, source as PointDistribution);
  }
  if (source.kind === 'images') return imagesView(run, source);
  throw new GanKitError(
    'incompatible',
    `The page shows points of the plane and images, and '${source.name}' is neither.`,
  );
}
