import type { Setup } from '../clients/client.ts';
import { findClient } from './columns.ts';
import { hire, type Mate } from './crew/crew.ts';
import type { Played } from './crew/play.ts';
import { bendsOf, type Distribution, distributions, logNormal, shuffle, stratified } from './distributions.ts';
import { type Hosts, type OpenLane, startHosts } from './host/hosts.ts';
import type { LaneReport } from './host/lane.ts';
import { type Costs, costAfter, priceFor } from './learned.ts';
import { startLoadMeter } from './load.ts';
import { createNoiseMeter, type Noise } from './machine.ts';
import { mean, quantile } from './numbers.ts';
import { every, type Outcome } from './theory.ts';

/** How soon one client noticed the end of jobs, and how often it asked. All times in milliseconds. */
export interface DetectionRow {
  readonly distribution: string;
  readonly column: string;
  readonly jobs: number;
  readonly polls: number;
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly lost: number;
  /** Processors that other programs kept busy meanwhile. */
  readonly others?: number | undefined;
}

export interface DetectionResult {
  readonly rows: readonly DetectionRow[];
  /** Of the learned schedule after 20 jobs of 3 s, σ 0.3. */
  readonly costs: Costs;
  readonly noise: Noise;
}

/** A client, set up, that is about to meet a distribution. */
interface Cell {
  readonly distribution: Distribution;
  readonly column: string;
  readonly client: string;
  readonly setup: Setup;
  readonly durations: readonly number[];
  readonly bends?: readonly number[];
}

interface Scene {
  readonly cell: Cell;
  readonly lane: OpenLane;
  readonly mate: Mate;
}

/** Milliseconds over which the jobs of one cell begin. */
const spreads = { tiny: 300, full: 40_000 };

export async function measureDetection(tiny: boolean): Promise<DetectionResult> {
  const meter = createNoiseMeter();
  const hosts = startHosts();
  const rows: DetectionRow[] = [];
  try {
    for (const distribution of tiny ? distributions.slice(0, 1) : distributions) {
      meter.take();
      const cells = await toCells(distribution, tiny ? 6 : 200);
      // All clients at the same time: little work each, and much waiting. The first one would wait long for the tiny jobs.
      rows.push(...(await playWave(hosts, tiny ? cells.slice(2, 6) : cells, tiny)));
    }
    meter.take();
  } finally {
    hosts.end();
  }
  return { rows, costs: await costAfter(20, logNormal(3_000, 0.3), tiny ? 1 : 20), noise: meter.read() };
}

/** The clients that poll, as they ask by default. */
export const pollers = {
  wavespeed: 1_000,
  replicate: 500,
  'ai + replicate': 500,
  fal: 500,
} as const;

async function toCells(distribution: Distribution, count: number): Promise<Cell[]> {
  const durations = stratified(distribution, count);
  const cell = (column: string, client: string, setup: Setup): Cell => ({
    ...{ distribution, column, client, durations },
    setup: { bare: true, ...setup },
  });
  const far = true;
  const { latency } = distribution;
  return [
    cell('ours, default', 'imageport: WaveSpeed', { ours: { far } }),
    cell('ours, default, node transport', 'imageport: WaveSpeed, node transport', { ours: { far } }),
    cell('ours, default, duration in the table', 'imageport: WaveSpeed', { ours: { far, latency } }),
    ...(await learnedCells(cell, distribution, durations)),
    cell('ours, every 2 s', 'imageport: WaveSpeed', { poll: 2_000, ours: { far } }),
    ...Object.keys(pollers).map((client) => cell(client, client, {})),
    ...progressCells(cell, distribution, durations),
  ];
}

type ToCell = (column: string, client: string, setup: Setup) => Cell;

/** Learning goes on while the jobs run, and may poll a little more often than when it was priced. */
const share = 0.94;

/** The learned schedule at as many polls as the official client of the host, and as the best of the pollers. */
async function learnedCells(cell: ToCell, distribution: Distribution, durations: readonly number[]): Promise<Cell[]> {
  const { latency } = distribution;
  const known = shuffle(stratified(distribution, 100), 3);
  const rivals = new Set(['wavespeed', bestPoller(durations)] as const);
  return Promise.all(
    [...rivals].map(async (rival) => {
      const polls = every(pollers[rival], durations).polls + (rival === 'fal' ? 1 : 0);
      const price = await priceFor(share * polls, durations, { known, latency });
      const ours = { far: true, pace: 'aggressive', learned: { price, known, latency } } as const;
      return cell(`ours, learned, as often as ${rival}`, 'imageport: WaveSpeed', { ours });
    }),
  );
}

/** The least product of polls and delay. */
export function bestPoller(durations: readonly number[]): keyof typeof pollers {
  const product = ({ polls, delay }: Outcome): number => polls * delay;
  const of = (interval: number): number => product(every(interval, durations));
  return of(pollers.replicate) < of(pollers.wavespeed) ? 'replicate' : 'wavespeed';
}

/** The same jobs at Apiframe, which reports how far they are; one poll is at one job. */
function progressCells(cell: ToCell, distribution: Distribution, durations: readonly number[]): Cell[] {
  if (distribution.latency.sigma !== 0.5 || distribution.latency.median < 3_000) return [];
  const { latency } = distribution;
  const ours = { far: true, latency } as const;
  const at = (column: string, setup: Setup): Cell => cell(`${column} (Apiframe)`, 'imageport: Apiframe', setup);
  return [
    at('ours, default, no progress', { ours }),
    { ...at('ours, default, exact progress', { ours }), bends: [1] },
    { ...at('ours, default, uneven progress', { ours }), bends: bendsOf(durations.length, 0.3) },
    at('ours, aggressive, no progress', { ours: { ...ours, pace: 'aggressive' } }),
    { ...at('ours, aggressive, exact progress', { ours: { ...ours, pace: 'aggressive' } }), bends: [1] },
    at('ours, every 2.5 s', { poll: 2_500, ours }),
  ];
}

async function playWave(hosts: Hosts, cells: readonly Cell[], tiny: boolean): Promise<DetectionRow[]> {
  const open = async (cell: Cell): Promise<Scene> => {
    const { durations, bends, client, setup } = cell;
    const lane = await hosts.open({ service: findClient(client).service, durations, bends });
    return { cell, lane, mate: await hire(client, lane.target, setup) };
  };
  const scenes = await Promise.all(cells.map(open));
  const spread = spreads[tiny ? 'tiny' : 'full'];
  const load = startLoadMeter();
  const rows = await Promise.all(
    scenes.map(async ({ cell, lane, mate }) => {
      const played = await mate.play({ calls: cell.durations.length, spread });
      mate.end();
      return toRow(cell, played, await lane.report());
    }),
  );
  await Promise.all(scenes.map(({ lane }) => lane.close()));
  const others = load();
  return rows.map((row) => ({ ...row, others }));
}

function toRow({ distribution, column }: Cell, { noticed, errors }: Played, { jobs }: LaneReport): DetectionRow {
  const delays = jobs.flatMap(({ number, finished }) => {
    const at = noticed[number];
    return at === undefined ? [] : [at - finished];
  });
  if (Object.keys(errors).length > 0) console.error(column, errors);
  return {
    distribution: distribution.name,
    column,
    jobs: jobs.length,
    polls: mean(jobs.map(({ polls }) => polls)),
    mean: mean(delays),
    p50: quantile(delays, 0.5),
    p95: quantile(delays, 0.95),
    p99: quantile(delays, 0.99),
    lost: noticed.filter((at) => at === undefined).length,
  };
}
