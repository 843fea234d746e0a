import type { Fault } from '@imageport/emulator';
import fc from 'fast-check';
import { hedge } from '../../src/hedge/index.ts';
// Loaded by the first call with a hedge, which a virtual clock does not wait for.
import '../../src/hedge/run-hedged.ts';
import { createWorld, type HostName, hosts } from '../world.ts';
import { type Asked, type Finding, playAndJudge } from './play.ts';

/** What chance decides about one run. */
interface Plan {
  readonly intents: readonly {
    readonly route: readonly HostName[];
    readonly modelId: string;
    readonly proceed: boolean;
    readonly hedgeAfter: number | undefined;
    readonly abortAfter: number | undefined;
    readonly timeout: number;
  }[];
  readonly faults: readonly Fault[];
  readonly listLag: number;
  readonly generationTime: number;
}

const statuses = [400, 401, 402, 404, 408, 409, 422, 425, 429, 500, 502, 503, 504];
const atSubmit = fc.oneof(
  fc.record({ on: fc.constant('submit' as const), status: fc.constantFrom(...statuses) }),
  // A host that refuses by a 4xx and charges all the same would be lying: that is outside the model.
  fc.record({
    on: fc.constant('submit' as const),
    status: fc.constantFrom(408, 500, 502, 503, 504),
    accepted: fc.boolean(),
  }),
  fc.record({ on: fc.constant('submit' as const), reset: fc.constantFrom('before' as const, 'after' as const) }),
  fc.constantFrom<Fault>(
    { on: 'submit', refuse: true },
    { on: 'submit', hang: true },
    { on: 'submit', hang: true, accepted: false },
    { on: 'submit', truncate: 40 },
    { on: 'submit', stall: true },
    { on: 'submit', html: true, accepted: true },
    { on: 'submit', delay: 70_000 },
    { on: 'submit', status: 429, headers: { 'retry-after': '4' } },
  ),
  fc
    .constantFrom('fail', 'moderated', 'empty', 'never', 'cancelled')
    .map((job): Fault => ({ on: 'submit', job: job as 'fail' })),
);
const later = fc.oneof(
  fc.record({ on: fc.constantFrom('poll' as const, 'list' as const), status: fc.constantFrom(...statuses) }),
  fc.record({ on: fc.constantFrom('poll' as const, 'list' as const), reset: fc.constant('before' as const) }),
  fc.constantFrom<Fault>(
    { on: 'poll', hang: true },
    { on: 'list', hang: true },
    { on: 'poll', html: true },
    { on: 'list', stall: true },
  ),
);
const fault = fc
  .tuple(
    fc.oneof(atSubmit, later),
    fc.constantFrom(...hosts),
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 8 }),
  )
  .map(([what, host, times, nth]): Fault => ({ ...what, host, times, ...(nth <= 4 ? { nth } : {}) }));

const route = fc.constantFrom<readonly HostName[]>(
  ['wavespeed'],
  ['apiframe'],
  ['wavespeed', 'apiframe'],
  ['apiframe', 'wavespeed'],
);
const intent = fc.record({
  route,
  modelId: fc.constantFrom('seedream-4', 'dreamina-3.1', 'seedream-3.1', 'seedream-5-lite'),
  proceed: fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0),
  hedgeAfter: fc.oneof(
    { weight: 7, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 30_000 }) },
  ),
  abortAfter: fc.option(fc.integer({ min: 0, max: 60_000 }), { nil: undefined, freq: 6 }),
  timeout: fc.constantFrom(3_000, 20_000, 90_000, 200_000),
});
/** From `least` to `most` intents at once: few are quick to play, many meet each other. */
const some = (least: number, most: number) => fc.array(intent, { minLength: least, maxLength: most, size: 'max' });

const plan: fc.Arbitrary<Plan> = fc.record({
  intents: fc.oneof(
    { weight: 7, arbitrary: some(1, 3) },
    { weight: 2, arbitrary: some(4, 8) },
    { weight: 1, arbitrary: some(9, 20) },
  ),
  faults: fc.array(fault, { maxLength: 6 }),
  listLag: fc.constantFrom(0, 2_000, 30_000, 600_000),
  generationTime: fc.constantFrom(0, 500, 8_000, 40_000),
});

async function run({ intents, faults, listLag, generationTime }: Plan): Promise<string[]> {
  const world = createWorld({ faults, listLag, generationTime: { fixed: generationTime } });
  const requests = intents.map((each, index): Asked => {
    const controller = new AbortController();
    return {
      model: each.route.map((host) => world.model(host, each.modelId)),
      prompt: `request ${index}`,
      timeout: each.timeout,
      signal: controller.signal,
      onAmbiguous: each.proceed ? 'proceed' : 'reconcile',
      ...(each.hedgeAfter === undefined
        ? {}
        : { hedge: hedge({ after: each.hedgeAfter, maxCost: { USD: 1, credit: 100 } }) }),
      ...(each.abortAfter === undefined ? {} : { onEvent: abortOnceAfter(controller, each.abortAfter) }),
    };
  });
  return playAndJudge(world, requests, 150_000);
}

/** Aborts at the first event at or after a moment: between events nothing is awaited but the host. */
const abortOnceAfter =
  (controller: AbortController, moment: number) =>
  ({ elapsed }: { elapsed: number }): void => {
    if (elapsed >= moment) controller.abort(new Error('aborted by the test'));
  };

/** Random intents, faults, routes and aborts on the virtual clock. A seed prints the same schedules again. */
export async function randomSchedules(numRuns: number, seed: number): Promise<Finding> {
  const property = fc.asyncProperty(plan, async (each) => {
    const violations = await run(each);
    if (violations.length > 0) throw new Error(violations.join('; '));
  });
  const details = await fc.check(property, { numRuns, seed, endOnFailure: true });
  const violations = details.failed
    ? [
        `${String(details.errorInstance)} in ${JSON.stringify(details.counterexample)} path ${details.counterexamplePath}`,
      ]
    : [];
  return { suite: 'random schedules on a virtual clock', tried: details.numRuns, violations, seed };
}
