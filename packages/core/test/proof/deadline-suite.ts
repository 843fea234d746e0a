import type { Fault } from '@imageport/emulator';
import fc from 'fast-check';
import { createMemoryLedger, type Ledger } from '../../src/index.ts';
import { createWorld, type HostName, hosts, type World } from '../world.ts';
import { type Ended, judge } from './judge.ts';
import { call, type Finding } from './play.ts';

export interface Overshoot extends Finding {
  /** How late the calls ended, in milliseconds. */
  readonly note: string;
}

/** Whatever a host can do to keep a caller waiting. */
const delays: readonly Omit<Fault, 'on'>[] = [
  { hang: true },
  { hang: true, accepted: false },
  { drip: { bytes: 1, every: 100 } },
  { stall: true },
  { delay: 30_000 },
  { status: 429 },
  { status: 429, headers: { 'retry-after': '1' } },
  { status: 503 },
  { job: 'never' },
];
const scenarios: readonly Fault[] = delays.flatMap((what): Fault[] =>
  what.job
    ? [{ ...what, on: 'submit' }]
    : (
        [
          { ...what, on: 'submit' },
          { ...what, on: 'poll' },
        ] as const
      ).slice(),
);

interface Group {
  readonly world: World;
  readonly ledger: Ledger;
  readonly host: HostName;
  readonly fault: Fault;
  readonly timeouts: readonly number[];
}

const openGroups = (count: number, seed: number): Group[] => {
  const kinds = hosts.flatMap((host) => scenarios.map((fault) => ({ host, fault: { ...fault, host } })));
  const timeouts = fc.sample(fc.integer({ min: 300, max: 1_500 }), { numRuns: count, seed });
  return kinds.map(({ host, fault }, index) => ({
    world: createWorld({ generationTime: { fixed: 10_000 }, faults: [{ ...fault, times: Number.POSITIVE_INFINITY }] }),
    ledger: createMemoryLedger(),
    host,
    fault,
    timeouts: timeouts.filter((_, nth) => nth % kinds.length === index),
  }));
};

/** Every wish has a prompt of its own, as the judge wants it. */
const playGroup = ({ world, ledger, host, timeouts }: Group): Promise<Ended[]> =>
  Promise.all(
    timeouts.map((timeout, index) =>
      // Looks follow each other closely, so that many calls are caught in the middle of one.
      call(ledger, { model: world.model(host), prompt: `wish ${index}`, timeout, interval: 200 }),
    ),
  );

const typical = 50;
const worst = 250;

/** Calls at once against hosts that do not come to an end: each ends by its own deadline, on the real clock. */
export async function overshoots(count: number, seed: number): Promise<Overshoot> {
  const groups = openGroups(count, seed);
  const violations: string[] = [];
  const lates: number[] = [];
  try {
    const played = await Promise.all(groups.map(async (group) => ({ group, ended: await playGroup(group) })));
    for (const { group, ended } of played) {
      const { world, ledger, host, fault } = group;
      lates.push(...ended.map(({ overshoot = 0 }) => Math.max(0, overshoot)));
      const judged = await judge(
        world,
        ledger,
        ended.map(({ overshoot: _, ...facts }) => facts),
      );
      const pictures = ended.filter(({ result }) => result).length;
      if (pictures > 0) judged.push(`${pictures} pictures came from a host that makes none in time`);
      violations.push(...judged.map((problem) => `${host} ${JSON.stringify(fault)}: ${problem}`));
    }
  } finally {
    await Promise.all(groups.map(({ world }) => world.emulator.close()));
  }
  lates.sort((a, b) => a - b);
  const at = (part: number): number => Math.round((lates[Math.ceil(part * lates.length) - 1] ?? 0) * 10) / 10;
  if (at(0.99) > typical) violations.push(`99 % end within ${at(0.99)} ms of their deadline, not ${typical}`);
  if (at(1) > worst) violations.push(`one ended ${at(1)} ms after its deadline, not ${worst}`);
  const note = `overshoot p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms`;
  return { suite: 'calls at once end by their deadlines', tried: lates.length, violations, seed, note };
}
