import type { Fault } from '@imageport/emulator';
import fc from 'fast-check';
import { createMemoryLedger, type Ledger } from '../../src/index.ts';
import { createWorld, type HostName, hosts, inVirtualTime, type World } from '../world.ts';
import { type Ended, judge } from './judge.ts';
import { call, type Finding } from './play.ts';

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
const scenarios = delays.flatMap((what): Fault[] => {
  const atSubmit: Fault = { ...what, on: 'submit' };
  return what.job ? [atSubmit] : [atSubmit, { ...what, on: 'poll' }];
});

/** Calls that meet the same fault at the same host. */
interface Group {
  readonly world: World;
  readonly ledger: Ledger;
  readonly host: HostName;
  readonly fault: Fault;
  readonly ended: Ended[];
}

function openGroups(): Group[] {
  return hosts.flatMap((host) =>
    scenarios.map((fault): Group => {
      const faults = [{ ...fault, host, times: Number.POSITIVE_INFINITY }];
      const world = createWorld({ generationTime: { fixed: 60_000 }, faults });
      return { world, ledger: createMemoryLedger(), host, fault, ended: [] };
    }),
  );
}

/** Looks follow each other closely, so that many calls are caught in the middle of one. */
const interval = 200;

async function playOne({ world, ledger, host, ended }: Group, nth: number, timeout: number): Promise<void> {
  // An account that has met such a host before would not ask it again: here every call shall wait.
  ended.push(await call(ledger, { model: world.fresh(host), prompt: `request ${nth}`, timeout, interval }));
}

/** So many calls begin in a row; then timers have their turn, as they have in a server. */
const atOnce = 10;

async function playAll(groups: readonly Group[], timeouts: readonly number[]): Promise<number> {
  let underWay = 0;
  let most = 0;
  const playing: Promise<void>[] = [];
  for (const [nth, timeout] of timeouts.entries()) {
    const group = groups[nth % groups.length];
    if (!group) continue;
    underWay += 1;
    most = Math.max(most, underWay);
    const leave = (): void => {
      underWay -= 1;
    };
    playing.push(playOne(group, nth, timeout).finally(leave));
    if (nth % atOnce === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await Promise.all(playing);
  return most;
}

/** What the judge says of a group. */
async function judgeGroup({ world, ledger, host, fault, ended }: Group): Promise<string[]> {
  const problems = await judge(world, ledger, ended);
  const pictures = ended.filter(({ result }) => result).length;
  if (pictures > 0) problems.push(`${pictures} pictures came from a host that makes none in time`);
  return problems.map((problem) => `${host} ${JSON.stringify(fault)}: ${problem}`);
}

/** Where all time is virtual, nothing but the call itself can be late. The clock counts in whole milliseconds. */
const latest = 1;

/** Calls at once against hosts that do not come to an end, on the virtual clock: each ends by its own deadline. */
export async function overshoots(count: number, seed: number): Promise<Finding> {
  const timeouts = fc.sample(fc.integer({ min: 300, max: 1_500 }), { numRuns: count, seed });
  return inVirtualTime(async () => {
    const groups = openGroups();
    try {
      const most = await playAll(groups, timeouts);
      const violations = (await Promise.all(groups.map(judgeGroup))).flat();
      const late = groups.flatMap(({ ended }) => ended.map(({ overshoot = 0 }) => overshoot));
      const worst = Math.max(...late);
      if (worst > latest) violations.push(`ended ${worst} ms after its deadline`);
      return {
        suite: 'calls at once end by their deadlines',
        tried: late.length,
        violations,
        seed,
        note: `${most} at a time; the latest ${Math.max(0, worst)} ms late`,
      };
    } finally {
      await Promise.all(groups.map(({ world }) => world.emulator.close()));
    }
  });
}
