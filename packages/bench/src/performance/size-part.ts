import type { Table } from '../report.ts';
import { showLoad } from './load.ts';
import { show, sum, times } from './numbers.ts';
import { type Aim, definePart, noiseNote } from './part.ts';
import { leanest, leanestNode, measureSize, type SizeResult, type SizeRow } from './size.ts';
import { type CostLine, costLine } from './summary.ts';

export const kibibytes = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`;

export const sizePart = definePart<SizeResult>({
  name: 'size',
  title: 'Size and cold import',
  run: measureSize,
  show: (result) => ({
    tables: [sizeTable(result), insideTable(result), importTable(result), firstTable(result)],
    aims: toAims(result),
    costs: toCosts(result),
    notes: [
      'esbuild, minified, ES modules for Node, then `gzip -9`. First chunk: what an `import` loads, split by esbuild, without what is imported later by `import()`. Everything: one file with all that the packages export and need, except Node itself.',
      'An import is timed in a fresh Node process, at the median of 25, all taking turns. Ours is measured as published, in JavaScript.',
      noiseNote(result.noise),
    ],
  }),
});

const sizeTable = ({ sizes }: SizeResult): Table => ({
  title: 'Size of a bundle',
  head: ['', 'First chunk, min+gzip', 'Everything, min+gzip', 'Everything, minified'],
  rows: sizes.map(({ name, first, gzipped, minified }) => [name, ...[first, gzipped, minified].map(kibibytes)]),
});

function insideTable({ sizes }: SizeResult): Table {
  const ours = sizes.filter(({ name }) => name === leanest || name.startsWith('core + '));
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
  head: ['', 'ms', 'Others'],
  rows: imports.map(({ name, cold, others }) => [name, show(cold), showLoad(others)]),
});

const firstTable = ({ firsts }: SizeResult): Table => ({
  title: 'Import and first picture',
  head: ['', 'Import, ms', 'Import and first picture, ms', 'Others'],
  rows: firsts.map(({ name, cold, picture, others }) => [name, show(cold), show(picture), showLoad(others)]),
});

const toCosts = ({ sizes, firsts }: SizeResult): CostLine[] => [
  costLine(
    'size, min+gzip: what an import loads, everything',
    {
      node: leanestNode,
      default: leanest,
      ...{ wavespeed: 'wavespeed', fal: '@fal-ai/client', replicate: 'replicate', ai: 'ai + replicate' },
    },
    (name) => sizes.find((row) => row.name === name),
    ({ first, gzipped }) => [first, gzipped].map(kibibytes).join(', '),
  ),
  costLine(
    'import, and import with the first picture',
    { node: 'core + WaveSpeed, node transport', default: 'core + WaveSpeed', wavespeed: 'wavespeed' },
    (name) => firsts.find((row) => row.name === name),
    ({ cold, picture }) => `${show(cold)} ms, ${show(picture)} ms`,
  ),
];

function toAims({ sizes, firsts }: SizeResult): Aim[] {
  const size = sizes.find(({ name }) => name === leanest);
  const [theirs, ours, lean] = ['wavespeed', 'core + WaveSpeed', 'core + WaveSpeed, node transport'].map((name) =>
    firsts.find((row) => row.name === name),
  );
  if (!size || !theirs || !ours || !lean) return [];
  const { first, gzipped } = size;
  const ratio = ours.picture / theirs.picture;
  return [
    { what: 'first chunk, core + one host', target: '≤ 24 KiB', measured: kibibytes(first), met: first <= 24 * 1024 },
    {
      what: 'everything, core + one host',
      target: '≤ 45 KiB',
      measured: kibibytes(gzipped),
      met: gzipped <= 45 * 1024,
    },
    { what: 'import', target: '≤ 12 ms', measured: `${show(ours.cold)} ms`, met: ours.cold <= 12 },
    {
      what: 'import and first picture, default transport, against `wavespeed`',
      target: '≤ 1.3x',
      measured: times(ratio),
      met: ratio <= 1.3,
    },
    {
      what: 'import and first picture, node transport',
      target: `sooner than \`wavespeed\` (${show(theirs.picture)} ms)`,
      measured: `${show(lean.picture)} ms`,
      met: lean.picture < theirs.picture,
    },
  ];
}
