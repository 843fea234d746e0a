import type { Table } from '../report.ts';
import { type InsideResult, measureInside } from './inside.ts';
import { showLoad } from './load.ts';
import { percent, show, sum } from './numbers.ts';
import { type Aim, definePart, noiseNote } from './part.ts';
import { noWork, ownWork } from './stubbed.ts';
import { type CostLine, costLine } from './summary.ts';

export const insidePart = definePart<InsideResult>({
  name: 'inside',
  title: 'Inside a call',
  run: measureInside,
  show: (result) => ({
    tables: [workTable(result), keptTable(result), traceTable(result), linesTable(result)],
    aims: toAims(result),
    costs: toCosts(result),
    notes: [
      'Own work: a submit and one poll, 64 calls at a time, whose answers come from the same process without a network, at the median of 9 rounds; once with a transport that answers at once, once with a `fetch` that does, so that ky and the classes of `fetch` are in it. Allocated: by the sampling heap profiler of V8 (4 KiB), whatever becomes of it.',
      'Kept for each waiting job: by how much the heap, collected, grows when 2,000 more jobs wait beside 500, at the median of three processes. What the bench keeps for a call is in every row; the target is without.',
      `A plain call, traced: a submit and ${polls(result)} polls of a local server with default settings, in a process that made one before. Only code of ours is counted, and only functions that were called.`,
      noiseNote(result.noise),
    ],
  }),
});

const polls = ({ traces }: InsideResult): string => [...new Set(traces.map((each) => each.polls))].join(' or ');

const workTable = ({ work }: InsideResult): Table => ({
  title: 'Own work per call, without a network',
  head: ['', 'CPU, µs', 'Spread', 'Allocated, KiB', 'Others'],
  rows: work.map(({ client, cpu, spread, allocated, others }) => [
    client,
    show(cpu),
    percent(spread),
    show(allocated / 1024),
    showLoad(others),
  ]),
});

const keptTable = ({ kept }: InsideResult): Table => ({
  title: 'Kept for each waiting job',
  head: ['', 'kB', 'Spread', 'Others'],
  rows: kept.map(({ client, bytes, spread, others }) => [
    client,
    show(bytes / 1000),
    percent(spread),
    showLoad(others),
  ]),
});

const traceTable = ({ traces }: InsideResult): Table => ({
  title: 'What a plain call runs through',
  head: ['', 'Files', 'Functions', 'Calls of them', 'Polls'],
  rows: traces.map(({ client, files, functions, calls, polls: count }) => [
    client,
    ...[files, functions, calls, count].map(String),
  ]),
});

const linesTable = ({ lines }: InsideResult): Table => ({
  title: 'Lines of core, without testing, node, learned and opentelemetry',
  head: ['Folder', 'Lines'],
  rows: Object.entries(lines).map(([folder, count]) => [folder, count.toLocaleString('en-US')]),
});

function toCosts({ kept }: InsideResult): CostLine[] {
  const base = kept.find(({ client }) => client === noWork)?.bytes ?? 0;
  return [
    costLine(
      'memory for each waiting job',
      {
        node: 'imageport: WaveSpeed, node transport',
        default: 'imageport: WaveSpeed',
        wavespeed: 'wavespeed',
      },
      (name) => kept.find(({ client }) => client === name),
      ({ bytes }) => `${show((bytes - base) / 1000)} kB`,
    ),
  ];
}

function toAims({ work, kept, traces, lines }: InsideResult): Aim[] {
  const own = work.find(({ client }) => client === ownWork);
  const base = kept.find(({ client }) => client === noWork)?.bytes ?? 0;
  const held = kept.filter(({ client }) => client.startsWith('imageport')).map(({ bytes }) => bytes - base);
  const files = Math.max(...traces.map((each) => each.files));
  const count = sum(Object.values(lines));
  if (!own) return [];
  return [
    {
      what: 'own work a call, stubbed network',
      target: '≤ 150 µs, ≤ 40 KiB',
      measured: `${show(own.cpu)} µs, ${show(own.allocated / 1024)} KiB`,
      met: own.cpu <= 150 && own.allocated <= 40 * 1024,
    },
    {
      what: 'kept for each waiting job, default and node transport',
      target: '≤ 3 kB',
      measured: held.map((bytes) => `${show(bytes / 1000)} kB`).join(' and '),
      met: held.every((bytes) => bytes <= 3_000),
    },
    { what: 'files a plain call runs through', target: '≤ 25', measured: String(files), met: files <= 25 },
    {
      what: 'lines of core without testing, node, learned, opentelemetry',
      target: '≤ 4,000',
      measured: count.toLocaleString('en-US'),
      met: count <= 4_000,
    },
  ];
}
