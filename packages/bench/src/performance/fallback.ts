import { clients } from '../clients/index.ts';
import { faults } from '../fault-table.ts';
import { measure } from '../measure.ts';
import type { ServiceName } from '../servers/start.ts';
import type { Target } from '../servers/test-server.ts';
import { findClient } from './columns.ts';
import { watchFall } from './crew/crew.ts';
import type { Fallen } from './crew/fall.ts';
import { type Deaf, startDeaf } from './host/deaf.ts';
import { type Hosts, startHosts } from './host/hosts.ts';
import { startLoadMeter } from './load.ts';
import { median } from './numbers.ts';

/** What is wrong with the first host. */
interface Trouble {
  readonly name: string;
  readonly kind: 'refused' | 'nameless' | 'deaf' | 'status';
  readonly status?: number;
  /** Ours begins with this host. @default 'wavespeed' */
  readonly first?: 'apiframe';
  /** Calls that failed before, in the same session. @default 0 */
  readonly before?: number;
}

export interface FallbackRow {
  readonly trouble: string;
  readonly client: string;
  /** Milliseconds, at the median; undefined: longer than was waited. */
  readonly time?: number | undefined;
  readonly asked: boolean;
  readonly outcome: string;
  /** Processors that other programs kept busy meanwhile. */
  readonly others?: number | undefined;
}

export interface FallbackResult {
  readonly rows: readonly FallbackRow[];
  /** The latest end of a call of ours beyond its deadline, under every fault of the fault bench. Milliseconds. */
  readonly late: { readonly most: number; readonly calls: number };
  readonly patience: number;
}

const troubles: readonly Trouble[] = [
  { name: 'connection refused', kind: 'refused' },
  { name: 'name unknown', kind: 'nameless' },
  { name: 'connecting hangs', kind: 'deaf' },
  { name: '400', kind: 'status', status: 400 },
  { name: '401', kind: 'status', status: 401 },
  { name: '402', kind: 'status', status: 402 },
  { name: '404', kind: 'status', status: 404 },
  { name: '429', kind: 'status', status: 429 },
  { name: '503, with idempotency key', kind: 'status', status: 503, first: 'apiframe' },
  { name: '503, without', kind: 'status', status: 503 },
  { name: 'the breaker is open', kind: 'refused', before: 10 },
];

const peers = ['wavespeed', 'replicate', 'fal', 'openai', 'ai + replicate', 'ai + fal'];

/** Nothing ever listens there: the port is privileged and given to nobody. */
const deadPort = 'http://127.0.0.1:2';

export const ours = 'ours';
/** Milliseconds that a call of ours is given. */
export const deadline = 15_000;

export async function measureFallback(tiny: boolean): Promise<FallbackResult> {
  const hosts = startHosts();
  const deaf = await startDeaf();
  const patience = tiny ? 1_000 : 20_000;
  const rows: FallbackRow[] = [];
  try {
    for (const trouble of tiny ? troubles.slice(0, 1) : troubles) {
      const place = { hosts, deaf, patience, trouble };
      const load = startLoadMeter();
      const own = await meet(place, ours);
      rows.push({ ...own, others: load() });
      // A breaker is ours alone, and so is a key.
      if (trouble.before || trouble.first) continue;
      rows.push(...(await Promise.all((tiny ? peers.slice(0, 1) : peers).map((client) => meet(place, client)))));
    }
    return { rows, patience, late: await measureLate(tiny) };
  } finally {
    deaf.end();
    hosts.end();
  }
}

interface Place {
  readonly hosts: Hosts;
  readonly deaf: Deaf;
  readonly patience: number;
  readonly trouble: Trouble;
}

async function meet(place: Place, name: string): Promise<FallbackRow> {
  const { hosts, trouble, patience } = place;
  const { before = 0, kind } = trouble;
  const first = trouble.first ? 'imageport: Apiframe' : 'imageport: WaveSpeed';
  const client = name === ours ? first : name;
  const { service } = findClient(client);
  const open = async (which: ServiceName): Promise<Target> =>
    (await hosts.open({ service: which, durations: [0] })).target;
  const route = name === ours ? { second: await open(trouble.first ? 'wavespeed' : 'apiframe') } : {};
  const found = await watchFall({
    client,
    well: await open(service),
    target: await toTarget(place, service),
    setup: { bare: true, ours: route, ...(kind === 'nameless' ? { nameless: true } : {}) },
    // What takes long is not repeated, and peers that wait a second or more do not differ from time to time.
    samples: name === ours && kind !== 'deaf' && trouble.status !== 503 ? 7 : 1,
    ...(name === ours ? { deadline } : {}),
    ...{ before, patience },
  });
  return { trouble: trouble.name, client: name, ...summary(found) };
}

async function toTarget({ hosts, deaf, trouble }: Place, service: ServiceName): Promise<Target> {
  const { kind, status } = trouble;
  const { target } = await hosts.open({ service, durations: [0], refuse: status });
  if (kind === 'refused') return { ...target, url: deadPort };
  return kind === 'deaf' ? { ...target, url: deaf.url } : target;
}

function summary(found: readonly Fallen[]): Pick<FallbackRow, 'time' | 'asked' | 'outcome'> {
  const last = found.at(-1);
  const times = found.flatMap(({ time }) => (time === undefined ? [] : [time]));
  return {
    ...(times.length > 0 ? { time: median(times) } : {}),
    asked: last?.asked ?? false,
    outcome: last?.outcome ?? '',
  };
}

/** Every fault of the fault bench once more, for ours: nobody waits past the deadline. */
async function measureLate(tiny: boolean): Promise<FallbackResult['late']> {
  const own = clients.filter((client) => client.ours);
  const queue = tiny ? [] : own.flatMap((client) => faults.map((fault) => ({ client, fault })));
  const lates: number[] = [];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) lates.push((await measure(next)).late);
  };
  await Promise.all(Array.from({ length: 8 }, work));
  return { most: Math.max(0, ...lates), calls: lates.length };
}
