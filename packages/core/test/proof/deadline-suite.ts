import type { Fault } from '@imageport/emulator';
import fc from 'fast-check';
import { createMemoryLedger, type Ledger } from '../../src/index.ts';
import { createWorld, type HostName, hosts, type World } from '../world.ts';
import { type Ended, judge } from './judge.ts';
import { call, type Finding } from './play.ts';

export interface Overshoot extends Finding {
  /** How late the calls ended, in milliseconds. */
  readonly note: string;
  /** The latest of them beyond what the machine added. */
  readonly largest: number;
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
  readonly ended: Timed[];
}

interface Timed {
  readonly ended: Ended;
  /** How late a bare timer was that was set for the same moment: this machine's part of the overshoot. */
  readonly machine: number;
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
  const begun = performance.now();
  const bare = new Promise((resolve) => setTimeout(resolve, timeout)).then(() => performance.now() - begun - timeout);
  // An account that has met such a host before would not ask it again: here every call shall wait.
  const own = await call(ledger, { model: world.fresh(host), prompt: `wish ${nth}`, timeout, interval });
  ended.push({ ended: own, machine: await bare });
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

/** What the judge says of a group, apart from time. */
async function judgeGroup({ world, ledger, host, fault, ended }: Group): Promise<string[]> {
  const calls = ended.map(({ ended: { overshoot: _, ...facts } }) => facts);
  const problems = await judge(world, ledger, calls);
  const pictures = calls.filter(({ result }) => result).length;
  if (pictures > 0) problems.push(`${pictures} pictures came from a host that makes none in time`);
  return problems.map((problem) => `${host} ${JSON.stringify(fault)}: ${problem}`);
}

const typical = 50;
const worst = 250;

/** The part of the values that is at most so large, in milliseconds. */
function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round((sorted[Math.ceil(part * sorted.length) - 1] ?? 0) * 10) / 10;
}

const describe = (values: readonly number[]): string =>
  `p50 ${quantile(values, 0.5)}, p99 ${quantile(values, 0.99)}, max ${quantile(values, 1)} ms`;

/**
 * Calls at once against hosts that do not come to an end: each ends by its own deadline, on the real clock. What a busy
 * machine adds is known from a bare timer beside each call, and taken off, so that only what is ours is judged.
 */
export async function overshoots(count: number, seed: number): Promise<Overshoot> {
  const timeouts = fc.sample(fc.integer({ min: 300, max: 1_500 }), { numRuns: count, seed });
  const groups = openGroups();
  try {
    const most = await playAll(groups, timeouts);
    const violations = (await Promise.all(groups.map(judgeGroup))).flat();
    const timed = groups.flatMap(({ ended }) => ended);
    const late = timed.map(({ ended }) => Math.max(0, ended.overshoot ?? 0));
    const own = timed.map(({ ended, machine }) => Math.max(0, (ended.overshoot ?? 0) - Math.max(0, machine)));
    if (quantile(own, 0.99) > typical || quantile(late, 0.5) > typical || quantile(own, 1) > worst) {
      violations.push(`too late: ${describe(late)}, beyond a bare timer ${describe(own)}`);
    }
    const note = `${most} at a time; overshoot ${describe(late)}; beyond a bare timer ${describe(own)}`;
    return {
      suite: 'calls at once end by their deadlines',
      tried: late.length,
      violations,
      seed,
      note,
      largest: quantile(own, 1),
    };
  } finally {
    await Promise.all(groups.map(({ world }) => world.emulator.close()));
  }
}
