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
  ended.push(await call(ledger, { model: world.model(host), prompt: `wish ${nth}`, timeout, interval }));
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
    playing.push(playOne(group, nth, timeout).finally(() => void (underWay -= 1)));
    if (nth % atOnce === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await Promise.all(playing);
  return most;
}

/** What the judge says of a group, apart from time. */
async function judgeGroup({ world, ledger, host, fault, ended }: Group): Promise<string[]> {
  const calls = ended.map(({ overshoot: _, ...facts }) => facts);
  const problems = await judge(world, ledger, calls);
  const pictures = calls.filter(({ result }) => result).length;
  if (pictures > 0) problems.push(`${pictures} pictures came from a host that makes none in time`);
  return problems.map((problem) => `${host} ${JSON.stringify(fault)}: ${problem}`);
}

const typical = 50;
const worst = 250;
const mostTries = 3;

/**
 * Calls at once against hosts that do not come to an end: each ends by its own deadline, on the real clock. A machine
 * that is busy with something else makes everything late, so a late round is played again: nothing makes it early.
 */
export async function overshoots(count: number, seed: number): Promise<Overshoot> {
  const suite = 'calls at once end by their deadlines';
  const timeouts = fc.sample(fc.integer({ min: 300, max: 1_500 }), { numRuns: count, seed });
  for (let round = 1; ; round += 1) {
    const groups = openGroups();
    try {
      const most = await playAll(groups, timeouts);
      const judged = (await Promise.all(groups.map(judgeGroup))).flat();
      const late = groups.flatMap(({ ended }) => ended.map(({ overshoot = 0 }) => Math.max(0, overshoot)));
      late.sort((a, b) => a - b);
      const at = (part: number): number => Math.round((late[Math.ceil(part * late.length) - 1] ?? 0) * 10) / 10;
      const tooLate = [
        ...(at(0.99) > typical ? [`99 % end within ${at(0.99)} ms of their deadline, not ${typical}`] : []),
        ...(at(1) > worst ? [`one ended ${at(1)} ms after its deadline, not ${worst}`] : []),
      ];
      if (tooLate.length > 0 && judged.length === 0 && round < mostTries) continue;
      const note = `${most} at a time; overshoot p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms; round ${round}`;
      return { suite, tried: late.length, violations: [...judged, ...tooLate], seed, note };
    } finally {
      await Promise.all(groups.map(({ world }) => world.emulator.close()));
    }
  }
}
