import { Comparison, namesOfGames } from './comparison.tsx';
import { Readings } from './readings.tsx';
import { Settings } from './settings.tsx';
import { Share } from './share.tsx';
import { LayerSwitches, Legend, Stage } from './stage.tsx';
import { Transport } from './transport.tsx';

export function PointsView() {
  const names = namesOfGames();
  return (
    <div class="view">
      <h1 class="unseen">A game on points of the plane</h1>
      <div class="middle">
        <Transport />
        <Stage names={names} />
        <div class="under">
          <Legend />
          <LayerSwitches />
        </div>
        <Comparison />
        <Share />
      </div>
      <Readings names={names} />
      <Settings />
    </div>
  );
}
