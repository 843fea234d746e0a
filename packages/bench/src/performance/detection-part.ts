import type { Table } from '../report.ts';
import { bestPoller, type DetectionResult, type DetectionRow, measureDetection } from './detection.ts';
import { type Distribution, distributions, stratified } from './distributions.ts';
import { showLoad } from './load.ts';
import { show, times } from './numbers.ts';
import { type Aim, definePart, noiseNote } from './part.ts';
import { type CostLine, costLine } from './summary.ts';
import { best } from './theory.ts';

export const detectionPart = definePart<DetectionResult>({
  name: 'detection',
  title: 'Noticing the end',
  run: measureDetection,
  show: (result) => ({
    tables: distributions.map((each) => toTable(result, each)).filter(({ rows }) => rows.length > 0),
    aims: toAims(result),
    costs: toCosts(result),
    notes: [
      '200 jobs with the same durations for every client (200 equally likely ones of the distribution), started over 40 s. Delay is from the end of the job at the host to the end of the call, in milliseconds; polls are requests about one job. "Best possible" is the least mean delay, to a few per cent, of anybody who knows the distribution and polls as often, without being told the progress. Progress is the share of the time that has passed, exact, or uneven: that share to a power of its own for each job (log-normal, σ 0.3). Ours is given the base URL of the real host, since it polls a host on this machine far more often.',
      noiseNote(result.noise),
    ],
  }),
});

function toTable({ rows }: DetectionResult, distribution: Distribution): Table {
  const own = rows.filter((row) => row.distribution === distribution.name);
  return {
    title: distribution.name,
    head: ['Client', 'Polls per job', 'Mean delay', 'p50', 'p95', 'p99', 'Best possible', 'Polls × delay', 'Others'],
    rows: own.map((row) => [
      row.column,
      row.polls.toFixed(2),
      show(row.mean),
      show(row.p50),
      show(row.p95),
      show(row.p99),
      row.polls >= 1 ? show(best(distribution, row.polls).delay) : '–',
      show(row.polls * row.mean),
      showLoad(row.others),
    ]),
  };
}

const toCosts = ({ rows }: DetectionResult): CostLine[] => [
  costLine(
    'noticing the end of a job of about 3 s (σ 0.5): mean delay, polls',
    {
      default: 'ours, default, duration in the table',
      ...{ wavespeed: 'wavespeed', fal: 'fal', replicate: 'replicate' },
    },
    (name) => rows.find(({ column, distribution }) => column === name && distribution === '3 s, σ 0.5'),
    ({ mean, polls }) => `${show(mean)} ms, ${polls.toFixed(1)}`,
  ),
];

type Find = (column: string, distribution: string) => DetectionRow | undefined;

function toAims({ rows, costs }: DetectionResult): Aim[] {
  const find: Find = (column, distribution) =>
    rows.find((row) => row.column === column && row.distribution === distribution);
  return [
    ...aimLearned(find),
    {
      what: '`learned` after 20 jobs, waiting and polling together, against the schedule that knows',
      target: '≤ 1.08x',
      measured: times(costs.learned / costs.known),
      met: costs.learned <= 1.08 * costs.known,
    },
    ...aimDefault(find),
    ...aimRivals(find),
    ...aimProgress(find),
  ];
}

function aimLearned(find: Find): Aim[] {
  const ours = find('ours, learned, as often as wavespeed', '3 s, σ 0.3');
  const theirs = find('wavespeed', '3 s, σ 0.3');
  if (!ours || !theirs) return [];
  const ratio = ours.mean / theirs.mean;
  return [
    {
      what: '`learned`, mean delay at equal polls against `wavespeed` (3 s, σ 0.3)',
      target: '≤ 0.40x',
      measured: `${times(ratio)} at ${ours.polls.toFixed(2)} against ${theirs.polls.toFixed(2)} polls`,
      met: ratio <= 0.4 && ours.polls <= theirs.polls,
    },
  ];
}

function aimDefault(find: Find): Aim[] {
  return ['3 s, σ 0.3', '3 s, σ 0.5', '12 s, σ 0.3', '12 s, σ 0.5'].flatMap((name) => {
    const ours = find('ours, default, duration in the table', name);
    const steady = find('ours, every 2 s', name);
    if (!ours || !steady) return [];
    const ratio = ours.mean / steady.mean;
    return {
      what: `the default against the documented interval (${name})`,
      target: '≤ 0.75x the delay at no more polls',
      measured: `${times(ratio)} at ${ours.polls.toFixed(2)} against ${steady.polls.toFixed(2)} polls`,
      met: ratio <= 0.75 && ours.polls <= steady.polls,
    };
  });
}

function aimRivals(find: Find): Aim[] {
  return distributions.flatMap((distribution) => {
    const rival = bestPoller(stratified(distribution, 200));
    const ours = find(`ours, learned, as often as ${rival}`, distribution.name);
    const theirs = find(rival, distribution.name);
    if (!ours || !theirs) return [];
    return {
      what: `\`learned\` against the best poller, \`${rival}\` (${distribution.name})`,
      target: 'lower delay at equal or fewer polls',
      measured: `${times(ours.mean / theirs.mean)} at ${ours.polls.toFixed(2)} against ${theirs.polls.toFixed(2)} polls`,
      met: ours.mean < theirs.mean && ours.polls <= theirs.polls,
    };
  });
}

function aimProgress(find: Find): Aim[] {
  return ['3 s, σ 0.5', '12 s, σ 0.5'].flatMap((name) => {
    const product = (column: string): number => {
      const row = find(`${column} (Apiframe)`, name);
      return row ? row.polls * row.mean : Number.NaN;
    };
    const without = product('ours, default, no progress');
    const exact = product('ours, default, exact progress') / without;
    const noisy = product('ours, default, uneven progress') / without;
    if (Number.isNaN(exact)) return [];
    return {
      what: `product polls × delay with progress against without (${name})`,
      target: '≤ 0.40x',
      measured: `${times(exact)} exact, ${times(noisy)} uneven`,
      met: exact <= 0.4 && noisy <= 0.4,
    };
  });
}
