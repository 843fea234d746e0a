import type { DetectionResult } from './detection.ts';
import { type Distribution, logNormal } from './distributions.ts';
import type { ManyResult, ManyRow } from './many.ts';
import { type Axis, drawChart, type Panel, type Series } from './svg.ts';
import { best } from './theory.ts';

/** One colour for each client, the same in every picture; ours are blue. */
const colors: Readonly<Record<string, string>> = {
  'ours, default': '#1d4ed8',
  'ours, learned': '#0284c7',
  'ours, WaveSpeed': '#1d4ed8',
  'ours, WaveSpeed, node transport': '#0f766e',
  'ours, Apiframe': '#0284c7',
  'ours, Apiframe, node transport': '#4d7c0f',
  wavespeed: '#c2410c',
  replicate: '#15803d',
  'ai + replicate': '#7e22ce',
  fal: '#be185d',
  'every 2 s': '#57534e',
  'best possible': '#9ca3af',
};

const series = (name: string, points: Series['points'], as: Series['as']): Series => ({
  name,
  color: colors[name] ?? '#57534e',
  points,
  as,
});

/** Delay against polls, with what is possible. */
export function drawDetection({ rows }: DetectionResult): string {
  const panel = (distribution: Distribution): Panel => {
    const found = (...columns: string[]): [number, number][] =>
      rows
        .filter((row) => row.distribution === distribution.name && columns.includes(row.column))
        .map((row) => [row.polls, row.mean]);
    const curve = [1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 14, 20, 30].map((polls): [number, number] => {
      return [polls, best(distribution, polls).delay];
    });
    const learned = ['ours, learned, as often as replicate', 'ours, learned, as often as wavespeed'];
    return {
      title: `Jobs of ${distribution.name}`,
      x: { label: 'Polls per job', from: 1, to: 30 },
      y: { label: 'Mean delay, ms', from: 30, to: 10_000 },
      series: [
        series('best possible', curve, 'curve'),
        ...['wavespeed', 'replicate', 'ai + replicate', 'fal'].map((name) => series(name, found(name), 'points')),
        series('every 2 s', found('ours, every 2 s'), 'points'),
        series('ours, learned', found(...learned), 'points'),
        series('ours, default', found('ours, default, duration in the table'), 'points'),
      ],
    };
  };
  return drawChart('How soon the end is noticed, and at how many polls', [
    panel(logNormal(3_000, 0.3)),
    panel(logNormal(12_000, 0.5)),
  ]);
}

/** What a job costs the more of them are in flight. */
export function drawCost({ rows }: ManyResult): string {
  const names = [...new Set(rows.map(({ column }) => column))];
  const panel = (title: string, y: Axis, pick: (row: ManyRow) => number): Panel => ({
    title,
    x: { label: 'Jobs in flight', from: 100, to: 10_000 },
    y,
    series: names.map((name) => {
      const own = rows.filter(({ column, jobs }) => column === name && jobs > 1);
      return series(
        name,
        own.map((row) => [row.jobs, pick(row)]),
        'line',
      );
    }),
  });
  return drawChart('What a job costs when many are in flight', [
    panel('Mean delay', { label: 'ms', from: 100, to: 50_000 }, ({ delay }) => delay),
    panel('CPU of the client', { label: 'ms per job', from: 0.2, to: 50 }, ({ cpu }) => cpu),
    panel('Requests', { label: 'per job', from: 1, to: 20 }, ({ requests }) => requests),
  ]);
}
