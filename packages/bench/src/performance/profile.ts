import type { Table } from '../report.ts';
import { findClient } from './columns.ts';
import { hire } from './crew/crew.ts';
import type { Hot } from './crew/profile.ts';
import { type Hosts, startHosts } from './host/hosts.ts';
import { showLoad, startLoadMeter } from './load.ts';
import { show, sum } from './numbers.ts';
import { definePart } from './part.ts';

interface ProfileRow {
  readonly client: string;
  /** Self time by function, in microseconds per call. */
  readonly hot: readonly Hot[];
  /** Bytes per call. */
  readonly allocated: readonly Hot[];
  /** Bytes per job that is waited for; of clients that wait by themselves. */
  readonly held: readonly Hot[];
  /** Processors that other programs kept busy meanwhile. */
  readonly others?: number | undefined;
}

const profiled = [
  'fetch on wavespeed',
  'ky on wavespeed',
  'wavespeed',
  'imageport: WaveSpeed',
  'imageport: WaveSpeed, node transport',
  'imageport: Apiframe',
];

/** Where the CPU time of a call goes, by package and by function. */
export const profilePart = definePart<ProfileRow[]>({
  name: 'profile',
  title: 'Where the time of a call goes',
  async run(tiny) {
    const hosts = startHosts();
    try {
      const rows: ProfileRow[] = [];
      for (const client of tiny ? profiled.slice(0, 2) : profiled) rows.push(await profileClient(hosts, client, tiny));
      return rows;
    } finally {
      hosts.end();
    }
  },
  show: (rows) => ({
    tables: [
      groupTable('Self time by package, µs per call', rows, ({ hot }) => hot),
      fileTable(rows),
      ...rows.filter(isOurs).map(functionTable),
      groupTable('Allocated by package, bytes per call', rows, ({ allocated }) => allocated),
      groupTable('Held by package, bytes per job that is waited for', rows.filter(waits), ({ held }) => held),
      ...rows.filter(isOurs).map(heldTable),
      loadTable(rows),
    ],
    aims: [],
    notes: [
      'Bytes from the sampling heap profiler of V8 (4 KiB), counted for the nearest function outside Node: what is allocated by a call, whatever becomes of it, and what 1,000 jobs hold after a collection of garbage 4 s after they were submitted.',
      'Self time from the sampling profiler of V8 (100 µs), 64 calls at a time, after as many calls to warm up. The profiler itself makes everything somewhat slower.',
    ],
  }),
});

async function profileClient(hosts: Hosts, client: string, tiny: boolean): Promise<ProfileRow> {
  const calls = tiny ? 16 : 1_500;
  const load = startLoadMeter();
  const { service } = findClient(client);
  const lane = await hosts.open({ service, durations: [0] });
  const mate = await hire(client, lane.target, { poll: 1, bare: true });
  try {
    await mate.play({ calls, concurrency: 64 });
    const hot = perCall(await mate.profile({ calls, concurrency: 64 }), calls);
    const allocated = perCall(await mate.allocated({ calls, concurrency: 64 }), calls);
    const held = waits({ client }) ? await findHeld(hosts, client, tiny) : [];
    return { client, hot, allocated, held, others: load() };
  } finally {
    mate.end();
  }
}

const perCall = (hot: readonly Hot[], calls: number): Hot[] =>
  hot.map((each) => ({ ...each, self: each.self / calls })).filter(({ self }) => self > 0.05);

const waits = ({ client }: Pick<ProfileRow, 'client'>): boolean => !/^(fetch|ky) /.test(client);

/** What jobs hold that never end, as far as this process sees them. */
async function findHeld(hosts: Hosts, client: string, tiny: boolean): Promise<Hot[]> {
  const { service } = findClient(client);
  const lane = await hosts.open({ service, durations: [600_000] });
  const mate = await hire(client, lane.target, { bare: true, ours: { far: true } });
  const calls = tiny ? 4 : 1_000;
  const after = tiny ? 100 : 4_000;
  try {
    return perCall(await mate.held({ calls, after, patience: after + 200 }), calls);
  } finally {
    mate.end();
  }
}

function groupTable(title: string, rows: readonly ProfileRow[], pick: (row: ProfileRow) => readonly Hot[]): Table {
  const inGroup = (row: ProfileRow, group: string): number =>
    sum(
      pick(row)
        .filter((each) => each.group === group)
        .map(({ self }) => self),
    );
  const groups = [...new Set(rows.flatMap((row) => pick(row).map(({ group }) => group)))];
  const weight = (group: string): number => Math.max(...rows.map((row) => inGroup(row, group)));
  return {
    title,
    head: ['', ...rows.map(({ client }) => client)],
    rows: groups
      .toSorted((a, b) => weight(b) - weight(a))
      .map((group) => [group, ...rows.map((row) => show(inGroup(row, group)))])
      .concat([['together', ...rows.map((row) => show(sum(pick(row).map(({ self }) => self))))]]),
  };
}

const isOurs = ({ client }: ProfileRow): boolean => client.startsWith('imageport');

/** Where ours spends time that raw fetch does not, in our code and in what it makes Node do. */
function fileTable(rows: readonly ProfileRow[]): Table {
  const raw = rows.find(({ client }) => client === 'fetch on wavespeed');
  const ours = rows.find(({ client }) => client === 'imageport: WaveSpeed');
  const before = byFile(raw?.hot ?? []);
  const more = [...byFile(ours?.hot ?? [])].map(([file, self]) => [file, self - (before.get(file) ?? 0)] as const);
  const most = more.toSorted((a, b) => b[1] - a[1]).slice(0, 25);
  return {
    title: 'imageport: WaveSpeed beyond raw fetch, by file, µs per call',
    head: ['File', 'more', 'of', 'in raw fetch'],
    rows: most.map(([file, extra]) => {
      const base = before.get(file) ?? 0;
      return [file, show(extra), show(extra + base), show(base)];
    }),
  };
}

function byFile(hot: readonly Hot[]): Map<string, number> {
  const files = new Map<string, number>();
  for (const { group, place, self } of hot) {
    const file = `${group} ${place.replace(/:\d+$/, '')}`.trim();
    files.set(file, (files.get(file) ?? 0) + self);
  }
  return files;
}

function functionTable({ client, hot }: ProfileRow): Table {
  const own = hot.filter(({ group }) => !['the bench', 'native'].includes(group));
  return {
    title: `${client}: the hottest functions`,
    head: ['Function', 'Package', 'Place', 'µs per call'],
    rows: own.slice(0, 30).map(({ name, group, place, self }) => [name, group, place, show(self)]),
  };
}

const loadTable = (rows: readonly ProfileRow[]): Table => ({
  title: 'Processors that other programs kept busy meanwhile',
  head: rows.map(({ client }) => client),
  rows: [rows.map(({ others }) => showLoad(others))],
});

function heldTable({ client, held }: ProfileRow): Table {
  return {
    title: `${client}: what a job that is waited for holds`,
    head: ['Function', 'Package', 'Place', 'bytes'],
    rows: held.slice(0, 20).map(({ name, group, place, self }) => [name, group, place, show(self)]),
  };
}
