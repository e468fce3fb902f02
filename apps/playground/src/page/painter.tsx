// A distribution by hand: brush and eraser, with a pointer or with the arrow keys.
import { useEffect, useRef, useState } from 'preact/hooks';
import { theme } from './theme.tsx';

const pixels = 240;

interface Painting {
  readonly cells: string;
  readonly side: number;
}

const sideOf = (cells: string) => Math.round(Math.sqrt(cells.length));

/** The painting after a stroke at a place, in cells: full in the middle, softer at the border. */
export function stroke({ cells, side }: Painting, column: number, row: number, radius: number, erase: boolean): string {
  return [...cells]
    .map((cell, index) => {
      const distance = Math.hypot((index % side) - column, Math.floor(index / side) - row);
      if (distance > radius) return cell;
      if (erase) return '0';
      return String(Math.max(Number(cell), Math.round(9 - (4 * distance) / Math.max(radius, 1))));
    })
    .join('');
}

export function Painter({
  cells: given,
  onChange,
}: {
  readonly cells: string;
  readonly onChange: (cells: string) => void;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [cells, setCells] = useState(given);
  const [erase, setErase] = useState(false);
  const [cursor, setCursor] = useState<readonly [column: number, row: number] | undefined>(undefined);
  const newest = useRef(cells);
  newest.current = cells;
  const side = sideOf(cells);
  useEffect(() => setCells(given), [given]);

  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const size = pixels / side;
    context.clearRect(0, 0, pixels, pixels);
    const ink = getComputedStyle(document.documentElement).getPropertyValue('--ink').trim();
    context.fillStyle = ink;
    [...cells].forEach((cell, index) => {
      context.globalAlpha = (0.8 * Number(cell)) / 9;
      context.fillRect((index % side) * size, Math.floor(index / side) * size, size, size);
    });
    context.globalAlpha = 1;
    if (cursor === undefined) return;
    context.strokeStyle = ink;
    context.strokeRect(cursor[0] * size, cursor[1] * size, size, size);
  }, [cells, side, cursor, theme.value]);

  const finish = (next: string) => {
    // An empty painting is no distribution; the old one stays in the game.
    if (/[1-9]/.test(next) && next !== given) onChange(next);
  };
  const paintAt = (event: PointerEvent) => {
    const box = canvas.current!.getBoundingClientRect();
    const column = ((event.clientX - box.left) / box.width) * side - 0.5;
    const row = ((event.clientY - box.top) / box.height) * side - 0.5;
    setCells((before) => stroke({ cells: before, side }, column, row, 1.4, erase));
  };
  const press = (event: KeyboardEvent) => {
    const [column, row] = cursor ?? [Math.floor(side / 2), Math.floor(side / 2)];
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    };
    const move = moves[event.key];
    const bound = (value: number) => Math.max(0, Math.min(side - 1, value));
    if (move !== undefined) setCursor([bound(column + move[0]), bound(row + move[1])]);
    else if (event.key === ' ' || event.key === 'Enter') {
      const next = stroke({ cells, side }, column, row, 1, erase);
      setCells(next);
      finish(next);
    } else return;
    event.preventDefault();
  };

  return (
    <div class="painter">
      <div
        class="easel"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an application is worked with the keys that it announces
        tabIndex={0}
        aria-label="Painting of the data. Arrow keys move, space paints."
        onKeyDown={press}
        onBlur={() => setCursor(undefined)}
      >
        <canvas
          ref={canvas}
          width={pixels}
          height={pixels}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            paintAt(event);
          }}
          onPointerMove={(event) => event.buttons > 0 && paintAt(event)}
          onPointerUp={() => finish(newest.current)}
          onPointerCancel={() => finish(newest.current)}
        />
      </div>
      <fieldset class="group">
        <legend class="unseen">Tool</legend>
        <button type="button" aria-pressed={!erase} onClick={() => setErase(false)}>
          Brush
        </button>
        <button type="button" aria-pressed={erase} onClick={() => setErase(true)}>
          Eraser
        </button>
        <button type="button" onClick={() => setCells('0'.repeat(side * side))}>
          Clear
        </button>
      </fieldset>
    </div>
  );
}
