import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findClient } from './columns.ts';
import { hire } from './crew/crew.ts';
import type { Trace } from './crew/trace.ts';
import { type Hosts, startHosts } from './host/hosts.ts';
import { startLoadMeter } from './load.ts';
import { createNoiseMeter, type Noise } from './machine.ts';
import { median, spreadOf, sum } from './numbers.ts';
import { noWork, ownWork } from './stubbed.ts';

/** A call without a network. */
export interface WorkRow {
  readonly client: string;
  /** Microseconds of CPU per call, at the median of the rounds. */
  readonly cpu: number;
  readonly spread: number;
  /** Bytes that a call allocates, whatever becomes of them. */
  readonly allocated: number;
  readonly others?: number | undefined;
}

/** What each job keeps that waits for its next poll. */
export interface KeptRow {
  readonly client: string;
  /** Bytes, at the median of the rounds. */
  readonly bytes: number;
  readonly spread: number;
  readonly others?: number | undefined;
}

export interface TraceRow extends Trace {
  readonly client: string;
  /** Polls of the call that was traced. */
  readonly polls: number;
}

export interface InsideResult {
  readonly work: readonly WorkRow[];
  readonly kept: readonly KeptRow[];
  readonly traces: readonly TraceRow[];
  /** Lines of core by folder, without testing, node, learned and opentelemetry. */
  readonly lines: Readonly<Record<string, number>>;
  readonly noise: Noise;
}

const hour = 3_600_000;
const ours = ['imageport: WaveSpeed', 'imageport: WaveSpeed, node transport'];

export async function measureInside(tiny: boolean): Promise<InsideResult> {
  const meter = createNoiseMeter();
  const hosts = startHosts();
  try {
    const work: WorkRow[] = [];
    for (const client of [ownWork, 'stubbed `fetch`']) work.push(await measureWork(client, tiny, meter.take));
    const kept: KeptRow[] = [];
    for (const client of [...ours, 'wavespeed', noWork]) kept.push(await measureKept(hosts, client, tiny));
    const traces: TraceRow[] = [];
    for (const client of ours) traces.push(await traceCall(hosts, client));
    return { work, kept, traces, lines: countLines(), noise: meter.read() };
  } finally {
    hosts.end();
  }
}

async function measureWork(client: string, tiny: boolean, between: () => void): Promise<WorkRow> {
  const options = { calls: tiny ? 20 : 2_000, concurrency: 64 };
  const mate = await hire(client, { url: '', apiKey: '' }, {});
  try {
    // To warm up.
    for (let round = 0; round < (tiny ? 1 : 3); round += 1) await mate.play(options);
    const cpu: number[] = [];
    const load = startLoadMeter();
    for (let round = 0; round < (tiny ? 1 : 9); round += 1) {
      between();
      const { cpu: used, errors } = await mate.play(options);
      if (Object.keys(errors).length > 0) throw new Error(`${client}: ${JSON.stringify(errors)}`);
      cpu.push((1_000 * used) / options.calls);
    }
    const others = load();
    const allocated = sum((await mate.allocated(options)).map(({ self }) => self)) / options.calls;
    return { client, cpu: median(cpu), spread: spreadOf(cpu), allocated, others };
  } finally {
    mate.end();
  }
}

/** Jobs that never end, as far as these processes see them. */
async function measureKept(hosts: Hosts, client: string, tiny: boolean): Promise<KeptRow> {
  const jobs = tiny ? ([4, 4] as const) : ([500, 2_000] as const);
  const bytes: number[] = [];
  const load = startLoadMeter();
  for (let round = 0; round < (tiny ? 1 : 3); round += 1) {
    const lane = await hosts.open({ service: findClient(client).service, durations: [hour] });
    const latency = { median: 600_000, sigma: 0.3 };
    const mate = await hire(client, lane.target, { bare: true, ours: { far: true, latency } });
    bytes.push(await mate.kept({ jobs, settle: tiny ? 200 : 6_000 }));
    mate.end();
    await lane.close();
  }
  return { client, bytes: median(bytes), spread: spreadOf(bytes), others: load() };
}

/** A plain call with default settings: a submit and two polls. */
async function traceCall(hosts: Hosts, client: string): Promise<TraceRow> {
  const lane = await hosts.open({ service: findClient(client).service, durations: [hour], polls: 2 });
  const mate = await hire(client, lane.target, { bare: true });
  try {
    const trace = await mate.trace();
    const { jobs } = await lane.report();
    return { client, ...trace, polls: jobs.at(-1)?.polls ?? 0 };
  } finally {
    mate.end();
  }
}

const core = join(import.meta.dirname, '../../../core/src');
const apart = /^(testing|node|learned|opentelemetry)\//;

function countLines(): Record<string, number> {
  const lines: Record<string, number> = {};
  for (const path of globSync('**/*.ts', { cwd: core }).sort()) {
    const folder = path.includes('/') ? path.replace(/\/.*/, '') : 'beside them';
    const count = readFileSync(join(core, path), 'utf8').trimEnd().split('\n').length;
    if (!apart.test(path)) lines[folder] = (lines[folder] ?? 0) + count;
  }
  return lines;
}
