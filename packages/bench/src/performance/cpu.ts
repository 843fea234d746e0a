import type { Setup } from '../clients/client.ts';
import { findClient } from './columns.ts';
import { hire, type Mate } from './crew/crew.ts';
import { floorOf } from './floor.ts';
import { bareHandler, handlers } from './handlers.ts';
import { type Hosts, type OpenLane, startHosts } from './host/hosts.ts';
import { startLoadMeter } from './load.ts';
import { createNoiseMeter, type Noise } from './machine.ts';
import { mean, median, spreadOf } from './numbers.ts';

/** Own work per call: all that happens between "make a picture" and the finished job, when the host is done at once. */
export interface CpuRow {
  readonly client: string;
  readonly concurrency: number;
  /** Milliseconds per call, at the median of the rounds. */
  readonly cpu: number;
  readonly wall: number;
  /** Milliseconds of CPU of the same requests by raw fetch, in the same rounds. */
  readonly raw: number;
  /** CPU against raw fetch: the median of the ratios of all rounds, and their spread. */
  readonly ratio: number;
  readonly spread: number;
  readonly requests: number;
  /** Processors that other programs kept busy meanwhile. */
  readonly others?: number | undefined;
}

export interface CpuResult {
  readonly rows: readonly CpuRow[];
  readonly rounds: number;
  readonly noise: Noise;
}

const measured: readonly string[] = [
  'imageport: WaveSpeed',
  'wavespeed',
  'imageport: WaveSpeed, node transport',
  'imageport: Apiframe',
  'imageport: Apiframe, node transport',
  'replicate',
  'fal',
  'openai',
  'ai + replicate',
  'ai + fal',
  'ai + openai-compatible',
  'ky on wavespeed',
  floorOf.ky,
  floorOf.node,
  ...handlers.map(({ name }) => name),
];

interface Sample {
  readonly cpu: number;
  readonly wall: number;
  readonly others: number | undefined;
}

interface Seat {
  readonly client: string;
  readonly lane: OpenLane;
  readonly mate: Mate;
}

export interface CpuPlan {
  readonly rounds: number;
  readonly concurrencies: readonly { readonly concurrency: number; readonly calls: number }[];
}

const plans: Record<'tiny' | 'full', CpuPlan> = {
  tiny: { rounds: 1, concurrencies: [{ concurrency: 8, calls: 8 }] },
  full: {
    rounds: 9,
    concurrencies: [
      { concurrency: 1, calls: 300 },
      { concurrency: 64, calls: 1_200 },
    ],
  },
};

export async function measureCpu(tiny: boolean): Promise<CpuResult> {
  const plan = plans[tiny ? 'tiny' : 'full'];
  const hosts = startHosts();
  let seats: readonly Seat[] = [];
  try {
    const clients = withBaselines(tiny ? measured.slice(0, 2) : measured);
    seats = await Promise.all(clients.map((client) => seat(hosts, client)));
    return await playRounds(seats, plan);
  } finally {
    for (const { mate } of seats) mate.end();
    hosts.end();
  }
}

/** The same requests without any check. */
const baselineOf = (client: string): string =>
  handlers.some(({ name }) => name === client) ? bareHandler : `fetch on ${findClient(client).service}`;

const withBaselines = (names: readonly string[]): string[] => [...new Set([...names.map(baselineOf), ...names])];

/** The wait between two polls is no work: the clients that let it be chosen get the shortest. */
const setup: Setup = { poll: 1 };
const ourSetup: Setup = { ...setup, bare: true };

async function seat(hosts: Hosts, client: string): Promise<Seat> {
  const { service, ours } = findClient(client);
  const lane = await hosts.open({ service, durations: [0] });
  return { client, lane, mate: await hire(client, lane.target, ours ? ourSetup : setup) };
}

async function playRounds(seats: readonly Seat[], { rounds, concurrencies }: CpuPlan): Promise<CpuResult> {
  const meter = createNoiseMeter();
  const samples = new Map<string, Sample[]>();
  // The first round warms up and is forgotten.
  for (let round = -1; round < rounds; round += 1) {
    meter.take();
    for (const { concurrency, calls } of concurrencies) {
      for (const { client, mate } of turned(seats, round)) {
        const load = startLoadMeter();
        const { cpu, wall, errors } = await mate.play({ calls, concurrency });
        const others = load();
        if (Object.keys(errors).length > 0) throw new Error(`${client}: ${JSON.stringify(errors)}`);
        const key = `${client} at ${concurrency}`;
        if (round < 0) continue;
        samples.set(key, [...(samples.get(key) ?? []), { cpu: cpu / calls, wall: wall / calls, others }]);
      }
    }
  }
  const rows = await Promise.all(
    seats.flatMap((each) => concurrencies.map(({ concurrency }) => toRow(each, concurrency, samples))),
  );
  return { rows, rounds, noise: meter.read() };
}

/** Each round begins with another client, so that none always comes after the same one. */
const turned = <Item>(items: readonly Item[], round: number): Item[] => {
  const start = Math.max(0, round) % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
};

async function toRow({ client, lane }: Seat, concurrency: number, samples: Map<string, Sample[]>): Promise<CpuRow> {
  const find = (name: string): Sample[] => samples.get(`${name} at ${concurrency}`) ?? [];
  const own = find(client);
  const raw = find(client.startsWith('fetch on ') ? client : baselineOf(client));
  const ratios = own.map(({ cpu }, round) => cpu / (raw[round]?.cpu ?? Number.NaN));
  const { jobs, requests } = await lane.report();
  return {
    client,
    concurrency,
    cpu: median(own.map(({ cpu }) => cpu)),
    wall: median(own.map(({ wall }) => wall)),
    raw: median(raw.map(({ cpu }) => cpu)),
    ratio: median(ratios),
    spread: spreadOf(ratios),
    requests: requests / Math.max(1, jobs.length),
    others: mean(own.map(({ others = Number.NaN }) => others)),
  };
}
