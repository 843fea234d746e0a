import type { Table } from '../report.ts';
import { show, sum } from './numbers.ts';
import { type Aim, definePart, noiseNote } from './part.ts';
import { measureSize, type SizeResult, type SizeRow } from './size.ts';

export const kibibytes = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`;

export const sizePart = definePart<SizeResult>({
  name: 'size',
  title: 'Size and cold import',
  run: measureSize,
  show: (result) => ({
    tables: [sizeTable(result), insideTable(result), importTable(result)],
    aims: toAims(result),
    notes: [
      'esbuild, minified, ES modules for Node, then `gzip -9`. Everything that the packages export and need is inside, except Node itself.',
      'An import is timed in a fresh Node process, at the median of 25, all taking turns. Ours is measured as published, in JavaScript.',
      noiseNote(result.noise),
    ],
  }),
});

const sizeTable = ({ sizes }: SizeResult): Table => ({
  title: 'Size of a bundle',
  head: ['', 'min+gzip', 'minified'],
  rows: sizes.map(({ name, gzipped, minified }) => [name, kibibytes(gzipped), kibibytes(minified)]),
});

function insideTable({ sizes }: SizeResult): Table {
  const ours = sizes.filter(({ name }) => name.startsWith('core + '));
  const names = [...new Set(ours.flatMap(({ parts }) => Object.keys(parts)))].filter((name) => name !== 'other');
  const share = ({ gzipped, parts }: SizeRow, name: string): number =>
    (gzipped * (parts[name] ?? 0)) / sum(Object.values(parts));
  const weight = (name: string): number => Math.max(...ours.map((row) => share(row, name)));
  const heaviest = (one: string, other: string): number => weight(other) - weight(one);
  return {
    title: 'What is inside ours, min+gzip in proportion to the minified bytes',
    head: ['', ...ours.map(({ name }) => name)],
    rows: names.toSorted(heaviest).map((name) => [name, ...ours.map((row) => kibibytes(share(row, name)))]),
  };
}

const importTable = ({ imports }: SizeResult): Table => ({
  title: 'Cold import',
  head: ['', 'ms'],
  rows: imports.map(({ name, cold }) => [name, show(cold)]),
});

function toAims({ sizes, imports }: SizeResult): Aim[] {
  const weight = (name: string): number => sizes.find((row) => row.name === name)?.gzipped ?? Number.NaN;
  const cold = (name: string): number => imports.find((row) => row.name === name)?.cold ?? Number.NaN;
  const one = weight('core + WaveSpeed');
  const both = weight('core + both hosts');
  const more = cold('core + WaveSpeed') - cold('ky');
  return [
    { what: 'min+gzip of core + one host', target: '≤ 20 KiB', measured: kibibytes(one), met: one <= 20 * 1024 },
    { what: 'min+gzip of core + both hosts', target: '≤ 24 KiB', measured: kibibytes(both), met: both <= 24 * 1024 },
    { what: 'cold import against ky alone', target: '≤ + 6 ms', measured: `+ ${more.toFixed(1)} ms`, met: more <= 6 },
  ];
}
