import type { Table } from '../report.ts';
import { showLoad } from './load.ts';
import { type ManyResult, type ManyRow, measureMany } from './many.ts';
import { show, times } from './numbers.ts';
import { type Aim, definePart, noiseNote } from './part.ts';
import { type CostLine, costLine } from './summary.ts';

export const manyPart = definePart<ManyResult>({
  name: 'many',
  title: 'Many at once',
  run: measureMany,
  show: (result) => ({
    tables: [
      ...[...new Set(result.rows.map(({ jobs }) => jobs))].map((jobs) =>
        toTable(
          `${jobs.toLocaleString('en-US')} in flight`,
          result.rows.filter((row) => row.jobs === jobs),
        ),
      ),
      toTable('About 100 in flight at Apiframe all the time', [result.batch.together, result.batch.apart]),
    ],
    aims: toAims(result),
    costs: toCosts(result),
    notes: [
      'All jobs in one process, log-normal with a median of 3 s and σ 0.5, started over 2 s; memory is the growth of the process at its highest. Every cell has a fresh process for the client and one for the host. Ours has the median and σ in its table, and the base URL of the real host, whose requests are led to this machine: by a `fetch` that changes the address, or by a transport that does. The same 100 durations are drawn at every number of jobs.',
      'The last table: 600 jobs over 20 s; those of single jobs come so often that the mean delay is about the same.',
      noiseNote(result.noise),
    ],
  }),
});

const megabytes = (bytes: number): number => bytes / 2 ** 20;

function toTable(title: string, rows: readonly ManyRow[]): Table {
  return {
    title,
    head: [
      'Client',
      'Mean delay, ms',
      'p99',
      'Memory, MB',
      'per job, KB',
      'Loop late, p99 ms',
      'max',
      'Requests per job',
      'Sockets',
      'CPU per job, ms',
      'Lost',
      'Others',
    ],
    rows: rows.map((row) => [
      row.column,
      show(row.delay),
      show(row.p99),
      show(megabytes(row.memory)),
      show(row.memory / 1024 / row.jobs),
      show(row.loop.p99),
      show(row.loop.max),
      row.requests.toFixed(2),
      String(row.peakSockets),
      row.cpu.toFixed(2),
      String(row.lost),
      showLoad(row.others),
    ]),
  };
}

function toCosts({ rows }: ManyResult): CostLine[] {
  const names = {
    node: 'ours, WaveSpeed, node transport',
    default: 'ours, WaveSpeed',
    ...{ wavespeed: 'wavespeed', fal: 'fal', ai: 'ai + replicate' },
  };
  const find = (name: string): ManyRow | undefined =>
    rows.find(({ column, jobs }) => column === name && jobs === 10_000);
  return [
    costLine('10,000 jobs at once: memory', names, find, ({ memory }) => `${show(megabytes(memory))} MB`),
    costLine('… event loop late, p99', names, find, ({ loop }) => `${show(loop.p99)} ms`),
    costLine('… delay, lost jobs', names, find, ({ delay, lost }) => `${show(delay)} ms, ${lost}`),
  ];
}

function toAims({ rows, batch }: ManyResult): Aim[] {
  const own = [
    'ours, WaveSpeed, node transport',
    'ours, WaveSpeed',
    'ours, Apiframe, node transport',
    'ours, Apiframe',
  ].flatMap((column) => aimCrowd(rows, column));
  const polls = ({ requests, jobs }: ManyRow): number => (requests - 1) * jobs;
  const ratio = polls(batch.apart) / Math.max(1, polls(batch.together));
  const delays = `${show(batch.together.delay)} and ${show(batch.apart.delay)} ms`;
  return [
    ...own,
    {
      what: 'requests for 100 Apiframe jobs in flight, against one poll a job, at equal delay',
      target: '≤ 1/20',
      measured: `1/${ratio.toFixed(1)} (delays ${delays})`,
      met: ratio >= 20,
    },
  ];
}

function aimCrowd(rows: readonly ManyRow[], column: string): Aim[] {
  const find = (jobs: number): ManyRow | undefined => rows.find((row) => row.column === column && row.jobs === jobs);
  const crowd = find(10_000);
  const hundred = find(100);
  if (!crowd || !hundred) return [];
  const aim = (what: string, target: string, measured: string, met: boolean): Aim => ({
    what: `10,000 in flight, ${column}: ${what}`,
    ...{ target, measured, met },
  });
  const slower = crowd.delay / hundred.delay;
  const { p99, max } = crowd.loop;
  const most = column.endsWith('node transport') ? 200 : 400;
  return [
    aim('memory', `≤ +${most} MB`, `+${show(megabytes(crowd.memory))} MB`, megabytes(crowd.memory) <= most),
    aim('mean delay against 100 in flight', '≤ 1.2x', times(slower), slower <= 1.2),
    aim('event-loop delay', 'p99 ≤ 20 ms, max ≤ 150 ms', `${show(p99)} and ${show(max)} ms`, p99 <= 20 && max <= 150),
    aim('sockets', '≤ 300', String(crowd.peakSockets), crowd.peakSockets <= 300),
    aim('lost', '0', String(crowd.lost), crowd.lost === 0),
  ];
}
