import { createApiframe } from '@imageport/apiframe';
import { createEmulator, type Fault } from '@imageport/emulator';
import { createWavespeed } from '@imageport/wavespeed';
import fc from 'fast-check';
import { createMemoryLedger } from '../../src/index.ts';
import { type HostName, hosts, type World } from '../world.ts';
import { type Ended, judge } from './judge.ts';
import { call, type Finding } from './play.ts';

/** What chance decides about one run. */
interface Plan {
  readonly intents: readonly {
    readonly route: readonly HostName[];
    readonly modelId: string;
    readonly proceed: boolean;
    readonly timeout: number;
  }[];
  readonly faults: readonly Fault[];
}

const statuses = [400, 401, 402, 404, 408, 409, 422, 425, 429, 500, 502, 503, 504];
const brokenSubmit = fc.oneof(
  fc.record({ status: fc.constantFrom(...statuses) }),
  // A host that refuses by a 4xx and charges all the same would be lying: that is outside the model.
  fc.record({ status: fc.constantFrom(408, 500, 502, 503, 504), accepted: fc.boolean() }),
  fc.record({ reset: fc.constantFrom('before' as const, 'after' as const) }),
  fc.constantFrom<Omit<Fault, 'on'>>(
    { refuse: true },
    { hang: true },
    { hang: true, accepted: false },
    { truncate: 40 },
    { stall: true },
    { html: true, accepted: true },
    { drip: { bytes: 20, every: 30 } },
    { delay: 400, accepted: false },
    { status: 429, headers: { 'retry-after': '1' } },
  ),
  fc
    .constantFrom('fail', 'moderated', 'empty', 'never', 'completed-at-once')
    .map((job) => ({ job }) as Omit<Fault, 'on'>),
);
const brokenLook = fc.oneof(
  fc.record({ status: fc.constantFrom(...statuses) }),
  fc.record({ reset: fc.constantFrom('before' as const, 'after' as const) }),
  fc.constantFrom<Omit<Fault, 'on'>>(
    { refuse: true },
    { hang: true },
    { html: true },
    { truncate: 30 },
    { stall: true },
    { drip: { bytes: 40, every: 30 } },
  ),
);
const fault = fc
  .tuple(
    fc.oneof(
      brokenSubmit.map((what): Fault => ({ ...what, on: 'submit' })),
      fc
        .tuple(brokenLook, fc.constantFrom('poll' as const, 'poll' as const, 'list' as const))
        .map(([what, on]): Fault => ({ ...what, on })),
    ),
    fc.constantFrom(...hosts),
    fc.integer({ min: 1, max: 2 }),
  )
  .map(([what, host, times]): Fault => ({ ...what, host, times }));

const intent = fc.record({
  route: fc.constantFrom<readonly HostName[]>(
    ['wavespeed'],
    ['apiframe'],
    ['wavespeed', 'apiframe'],
    ['apiframe', 'wavespeed'],
  ),
  modelId: fc.constantFrom('seedream-4', 'dreamina-3.1', 'seedream-5-lite'),
  proceed: fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0),
  // Below five seconds nothing is sent again; the long one leaves time for repeats and for the host's list.
  timeout: fc.constantFrom(300, 600, 900, 1_500, 8_000),
});
const plan: fc.Arbitrary<Plan> = fc.record({
  intents: fc.array(intent, { minLength: 1, maxLength: 5 }),
  faults: fc.array(fault, { maxLength: 3 }),
});

/** A host may accept so long after its caller has left. */
const afterwards = 500;

async function play({ intents, faults }: Plan): Promise<string[]> {
  const emulator = createEmulator({ generationTime: { fixed: 20 }, faults });
  await emulator.listen();
  try {
    const providers = { wavespeed: createWavespeed(emulator.wavespeed), apiframe: createApiframe(emulator.apiframe) };
    const world: Omit<World, 'fresh'> = {
      emulator,
      ...providers,
      model: (host, modelId = 'seedream-4') => providers[host](modelId),
      submits: () => emulator.requests().filter(({ kind }) => kind === 'submit').length,
    };
    const ledger = createMemoryLedger();
    const ended = await Promise.all(
      intents.map(async ({ route, modelId, proceed, timeout }, index): Promise<Ended> => {
        const model = route.map((host) => world.model(host, modelId));
        const onAmbiguous = proceed ? 'proceed' : 'reconcile';
        // How late a call may end is measured by the suite about deadlines, where the machine does nothing else.
        const { overshoot: _, ...facts } = await call(ledger, {
          model,
          prompt: `request ${index}`,
          timeout,
          onAmbiguous,
        });
        return facts;
      }),
    );
    if (faults.length > 0) await new Promise((resolve) => setTimeout(resolve, afterwards));
    return await judge(world, ledger, ended);
  } finally {
    await emulator.close();
  }
}

/** What holds this process, by kind. */
function handles(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** What is open now and was not before. Closing sockets takes a moment. */
async function leftOpen(before: ReadonlyMap<string, number>): Promise<string[]> {
  let more: string[] = [];
  for (let look = 0; look < 1_200; look += 1) {
    more = [...handles()].flatMap(([kind, count]) => {
      const extra = count - (before.get(kind) ?? 0);
      return extra > 0 ? [`left open: ${extra} ${kind}`] : [];
    });
    if (more.length === 0) return [];
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return more;
}

const together = 100;

/** Random intents under random faults, over real sockets and on the real clock. Whatever was opened is closed. */
export async function socketSchedules(numRuns: number, seed: number): Promise<Finding> {
  const plans = fc.sample(plan, { numRuns, seed });
  const violations: string[] = [];
  const onUnhandled = (reason: unknown): void => void violations.push(`unhandled rejection: ${String(reason)}`);
  process.on('unhandledRejection', onUnhandled);
  try {
    for (let start = 0; start < plans.length; start += together) {
      const before = handles();
      const round = plans.slice(start, start + together);
      const found = await Promise.all(
        round.map(async (each) => (await play(each)).map((problem) => `${problem} in ${JSON.stringify(each)}`)),
      );
      violations.push(...found.flat(), ...(await leftOpen(before)));
    }
  } finally {
    process.off('unhandledRejection', onUnhandled);
  }
  return { suite: 'random schedules over real sockets', tried: plans.length, violations, seed };
}
