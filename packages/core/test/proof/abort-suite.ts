import type { Fault } from '@imageport/emulator';
import { createMemoryLedger, type Ledger } from '../../src/index.ts';
import { createWorld, type HostName, hosts, inVirtualTime } from '../world.ts';
import { judge } from './judge.ts';
import { call, type Finding } from './play.ts';

const scenarios: readonly (readonly Fault[])[] = [
  [],
  [{ on: 'submit', reset: 'after' }],
  [{ on: 'submit', status: 429 }],
  [{ on: 'submit', status: 402 }],
  [{ on: 'submit', job: 'fail' }],
  [{ on: 'poll', status: 503 }],
];

/** Aborts at the `at`-th moment before or after something is awaited, and counts how many such moments there are. */
function createTrap(at: number) {
  const controller = new AbortController();
  let moments = 0;
  const step = (): void => {
    if (moments === at) controller.abort(new Error('aborted by the test'));
    moments += 1;
  };
  const around = async <T>(work: () => Promise<T>): Promise<T> => {
    step();
    try {
      return await work();
    } finally {
      step();
    }
  };
  return { signal: controller.signal, around, count: () => moments };
}

type Trap = ReturnType<typeof createTrap>;

const trapLedger = (ledger: Ledger, { around }: Trap): Ledger => ({
  durability: ledger.durability,
  begin: (...args) => around(() => ledger.begin(...args)),
  find: (...args) => around(() => ledger.find(...args)),
  claim: (...args) => around(() => ledger.claim(...args)),
  append: (...args) => around(() => ledger.append(...args)),
  open: () => ledger.open(),
});

async function playOnce(
  host: HostName,
  faults: readonly Fault[],
  at: number,
): Promise<{ found: string[]; moments: number }> {
  const trap = createTrap(at);
  const world = createWorld(
    { faults: faults.map((fault) => ({ ...fault, host })) },
    (fetch) => (input, init) => trap.around(() => fetch(input, init)),
  );
  const other = host === 'wavespeed' ? 'apiframe' : 'wavespeed';
  const ledger = createMemoryLedger();
  const found = await inVirtualTime(async () => {
    const model = [world.model(host), world.model(other)];
    const request = { model, prompt: 'a lighthouse', signal: trap.signal };
    const ended = await call(trapLedger(ledger, trap), request);
    await new Promise((resolve) => setTimeout(resolve, 150_000));
    return judge(world, ledger, [ended]);
  });
  return { found, moments: trap.count() };
}

/** Every moment before and after every request and every write, in every scenario, on both hosts. */
export async function everyAbort(): Promise<Finding> {
  const violations: string[] = [];
  let tried = 0;
  for (const host of hosts) {
    for (const faults of scenarios) {
      const { moments } = await playOnce(host, faults, Number.POSITIVE_INFINITY);
      for (let at = 0; at < moments; at += 1) {
        const { found } = await playOnce(host, faults, at);
        tried += 1;
        violations.push(...found.map((each) => `${host} ${JSON.stringify(faults)} aborted at ${at}: ${each}`));
      }
    }
  }
  return { suite: 'abort before and after every await', tried, violations };
}
