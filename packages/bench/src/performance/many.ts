import type { Setup } from '../clients/client.ts';
import { findClient } from './columns.ts';
import { hire } from './crew/crew.ts';
import type { Play } from './crew/play.ts';
import { type Distribution, logNormal, stratified } from './distributions.ts';
import { startHosts } from './host/hosts.ts';
import { startLoadMeter } from './load.ts';
import { createNoiseMeter, type Noise } from './machine.ts';
import { mean, quantile } from './numbers.ts';

/** One client with many jobs in flight in one process. */
export interface ManyRow {
  readonly column: string;
  readonly jobs: number;
  /** Bytes by which the process grew at most. */
  readonly memory: number;
  /** Milliseconds by which the event loop was late. */
  readonly loop: { readonly p99: number; readonly max: number };
  /** Requests per job, submits included. */
  readonly requests: number;
  readonly lists: number;
  readonly peakSockets: number;
  /** Milliseconds from the end of a job to the end of its call. */
  readonly delay: number;
  readonly p99: number;
  readonly lost: number;
  /** Milliseconds per job. */
  readonly cpu: number;
  /** Processors that other programs kept busy meanwhile. */
  readonly others?: number | undefined;
}

export interface ManyResult {
  readonly rows: readonly ManyRow[];
  /** About a hundred jobs in flight all the time at Apiframe: bulk polls, against one poll a job. */
  readonly batch: { readonly together: ManyRow; readonly apart: ManyRow };
  readonly noise: Noise;
}

interface Column {
  readonly column: string;
  readonly client: string;
  readonly setup: Setup;
}

/** Ours knows how long jobs take, as from its table. */
const settle = ({ latency }: Distribution): Setup => ({ bare: true, ours: { far: true, latency } });

const toColumns = (far: Setup): Column[] => [
  { column: 'ours, WaveSpeed', client: 'imageport: WaveSpeed', setup: far },
  { column: 'ours, WaveSpeed, node transport', client: 'imageport: WaveSpeed, node transport', setup: far },
  { column: 'ours, Apiframe', client: 'imageport: Apiframe', setup: far },
  { column: 'ours, Apiframe, node transport', client: 'imageport: Apiframe, node transport', setup: far },
  { column: 'wavespeed', client: 'wavespeed', setup: {} },
  { column: 'fal', client: 'fal', setup: {} },
  { column: 'ai + replicate', client: 'ai + replicate', setup: {} },
];

const patience = 110_000;
const drawn = 100;

export async function measureMany(tiny: boolean): Promise<ManyResult> {
  const meter = createNoiseMeter();
  const rows: ManyRow[] = [];
  const distribution = logNormal(tiny ? 300 : 3_000, 0.5);
  const columns = toColumns(settle(distribution));
  for (const jobs of tiny ? [4] : [1, 100, 1_000, 10_000]) {
    for (const column of tiny ? columns.slice(1, 2) : columns) {
      meter.take();
      rows.push(await playCell(column, { calls: jobs, spread: tiny ? 100 : 2_000, patience }, distribution));
    }
  }
  return { rows, batch: await compareBatch(distribution, tiny), noise: meter.read() };
}

/** Each cell has processes of its own, so that nothing is left over from the one before. */
async function playCell(place: Column, options: Play, distribution: Distribution): Promise<ManyRow> {
  const { column, client, setup } = place;
  const hosts = startHosts();
  try {
    // The same durations whatever the number of jobs, so that their delays can be compared.
    const durations = stratified(distribution, Math.min(options.calls, drawn));
    const lane = await hosts.open({ service: findClient(client).service, durations });
    const mate = await hire(client, lane.target, setup);
    const load = startLoadMeter();
    const played = await mate.play({ ...options, watch: true });
    const others = load();
    mate.end();
    const { jobs, requests, lists, peakSockets } = await lane.report();
    const delays = jobs.flatMap(({ number, finished }) => {
      const at = played.noticed[number];
      return at === undefined ? [] : [at - finished];
    });
    if (Object.keys(played.errors).length > 0) console.error(column, options.calls, played.errors);
    return {
      ...{ column, lists, peakSockets, others },
      jobs: options.calls,
      memory: played.memory ?? 0,
      loop: played.loop ?? { p99: 0, max: 0 },
      requests: requests / options.calls,
      delay: mean(delays),
      p99: quantile(delays, 0.99),
      lost: played.noticed.filter((at) => at === undefined).length,
      cpu: played.cpu / options.calls,
    };
  } finally {
    hosts.end();
  }
}

/** One poll a job, so often that the end is noticed as soon as by bulk polls. */
async function compareBatch(distribution: Distribution, tiny: boolean): Promise<ManyResult['batch']> {
  const steady = { calls: tiny ? 10 : 600, spread: tiny ? 100 : 20_000, patience };
  const client = 'imageport: Apiframe';
  const setup = settle(distribution);
  const bulk = { ...setup, ours: { ...setup.ours, bulkPoll: true as const } };
  const together = await playCell({ column: 'bulk polls', client, setup: bulk }, steady, distribution);
  const poll = tiny ? 200 : Math.max(50, 2 * together.delay);
  const apart = await playCell({ column: 'one poll a job', client, setup: { ...setup, poll } }, steady, distribution);
  return { together, apart };
}
