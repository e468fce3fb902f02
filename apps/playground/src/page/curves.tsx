// Numbers over the steps, with a line where parts were swapped.
import { palette } from '@gankit/pictures';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { CurveName, CurvePoint, SwapMark } from '../protocol.ts';
import type { ShownGame } from './store.ts';
import { theme } from './theme.tsx';

export interface Series {
  readonly curve: CurveName;
  readonly label: string;
  /** Its place in the palette. */
  readonly colour: number;
}

export interface CurvesProps {
  readonly title: string;
  readonly series: readonly Series[];
  readonly games: readonly ShownGame[];
  readonly names: readonly string[];
  /** The axis; by the numbers when absent. */
  readonly range?: readonly [number, number] | undefined;
  /** Whether it counts: then the axis has whole numbers only. */
  readonly counts?: boolean | undefined;
}

/** On dark the palette's blue is lifted. */
const colourOf = (index: number) => (theme.value === 'dark' && index === 0 ? '#56a8e8' : palette[index]!);

const column = (points: readonly CurvePoint[], name: CurveName) =>
  points.map((point) => (Number.isFinite(point[name]) ? point[name] : null));

/** Marks of swaps, as vertical lines. */
function markSwaps(marks: () => readonly SwapMark[], colour: () => string): uPlot.Plugin {
  return {
    hooks: {
      draw: [
        (plot) => {
          const { ctx, bbox } = plot;
          ctx.save();
          ctx.strokeStyle = colour();
          ctx.setLineDash([3, 3]);
          for (const { step } of marks()) {
            const x = Math.round(plot.valToPos(step, 'x', true));
            ctx.beginPath();
            ctx.moveTo(x, bbox.top);
            ctx.lineTo(x, bbox.top + bbox.height);
            ctx.stroke();
          }
          ctx.restore();
        },
      ],
    },
  };
}

/** The last number that there is: a step of one player alone leaves some open. */
const newest = (points: readonly CurvePoint[], name: CurveName) =>
  points
    .slice(-4)
    .reverse()
    .find((point) => Number.isFinite(point[name]))?.[name];

/** Few digits, of a constant width. */
const short = (value: number, counts: boolean) =>
  counts || Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2);

export function Curves({ title, series, games, names, range, counts = false }: CurvesProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const marks = useRef<readonly SwapMark[]>([]);
  marks.current = games.flatMap(({ swaps }) => swaps);
  const shownTheme = theme.value;
  const count = games.length;

  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const style = getComputedStyle(document.documentElement);
    const quiet = style.getPropertyValue('--quiet').trim();
    const line = style.getPropertyValue('--line').trim();
    const font = `11px ${style.getPropertyValue('--face').trim()}`;
    const axis = { stroke: quiet, font, grid: { stroke: line, width: 1 }, ticks: { show: false } };
    const made = new uPlot(
      {
        width: element.clientWidth || 320,
        height: 118,
        padding: [6, 16, 0, 0],
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { time: false }, y: range ? { range: [range[0], range[1]] } : {} },
        axes: [
          { ...axis, size: 22, space: 60 },
          { ...axis, size: 38, space: 26, ...(counts && { incrs: [1, 2, 4, 5, 10, 20, 50, 100] }) },
        ],
        series: [
          {},
          ...games.flatMap((_, game) =>
            series.map(({ colour, label }) => ({
              label,
              stroke: colourOf(colour),
              width: 1.4,
              points: { show: false },
              spanGaps: false,
              ...(game > 0 && { dash: [4, 3] }),
            })),
          ),
        ],
        plugins: [
          markSwaps(
            () => marks.current,
            () => quiet,
          ),
        ],
      },
      [[], ...games.flatMap(() => series.map(() => []))] as unknown as uPlot.AlignedData,
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: 118 }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [shownTheme, count, series.map(({ curve }) => curve).join()]);

  useEffect(() => {
    const [first] = games;
    if (plot.current === undefined || first === undefined) return;
    // Two games make their steps together, so that they share the axis.
    const length = Math.min(...games.map(({ curves }) => curves.length));
    plot.current.setData([
      column(first.curves.slice(0, length), 'step'),
      ...games.flatMap(({ curves }) => series.map(({ curve }) => column(curves.slice(0, length), curve))),
    ] as unknown as uPlot.AlignedData);
  });

  return (
    <figure class="curves">
      <figcaption>
        <span class="title">{title}</span>
        {series.map(({ curve, label, colour }) => (
          <span class="key" key={curve}>
            <svg width="14" height="8" aria-hidden="true">
              <path d="M0 4h14" stroke={colourOf(colour)} stroke-width="2.5" />
            </svg>
            {label}
            {games.map(({ curves }, game) => {
              const value = newest(curves, curve);
              return (
                <b key={game} title={names[game]}>
                  {value !== undefined ? short(value, counts) : '\u2013'}
                </b>
              );
            })}
          </span>
        ))}
      </figcaption>
      <div ref={place} class="plot" aria-hidden="true" />
    </figure>
  );
}
