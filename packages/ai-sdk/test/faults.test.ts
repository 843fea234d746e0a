import { describe, expect, test } from 'vitest';
import { imageErrorOf } from '../src/index.ts';
import { inVirtualTime } from './clock.ts';
import { type DoorOptions, jobsOf, openDoor, versions, type Wanted } from './door.ts';
import { hosts, type World } from './world.ts';

type Faults = Parameters<World['emulator']['inject']>;
interface Row {
  readonly name: string;
  readonly faults?: Faults;
  readonly door?: DoorOptions;
  readonly wanted?: Wanted;
}

/** Each submit of it has a seed, by which a lost job is known again. */
const provable: DoorOptions = { modelId: 'flux-2-pro' };
const hasty: DoorOptions = { timeout: 3_000 };
const copying: DoorOptions = {
  ...hasty,
  middleware: { transformParams: async ({ params }) => ({ ...params, headers: { ...params.headers } }) },
};
const split: Wanted = { n: 2, maxImagesPerCall: 1 };

/** One call of the AI SDK with a fault, which ends with as many pictures as were asked for, each paid once. */
const rows: readonly Row[] = [
  { name: 'nothing goes wrong' },
  { name: 'polls are answered 503', faults: [{ on: 'poll', status: 503, times: 4 }] },
  { name: 'the picture is answered 503 eight times', faults: [{ on: 'output', status: 503, times: 8 }] },
  { name: 'the submit is reset after it was accepted', faults: [{ on: 'submit', reset: 'after' }], door: provable },
  { name: 'the submit is answered 429 four times', faults: [{ on: 'submit', status: 429, times: 4 }] },
  { name: 'the deadline comes before the job ends', door: hasty },
  { name: 'the deadline comes before two jobs end', door: hasty, wanted: { n: 2 } },
  { name: 'the caller splits, and the deadline comes', door: hasty, wanted: split },
];

describe.each(versions)('with %s', (version) => {
  describe.each(hosts)('at %s', (host) => {
    test.each(rows)(
      '$name: every picture arrives and is paid once',
      async ({ faults = [], door: options, wanted = {} }) => {
        const door = openDoor({ version, host, ...options });
        door.world.emulator.inject(...faults);
        const { providerMetadata } = await inVirtualTime(() => door.make(wanted));
        expect(jobsOf(providerMetadata).toSorted()).toEqual(
          door
            .charges()
            .map(({ jobId }) => jobId)
            .toSorted(),
        );
        expect(door.charges()).toHaveLength(wanted.n ?? 1);
        expect(door.world.emulator.unfired()).toEqual([]);
      },
    );

    test.each([
      { name: 'after it was accepted', reset: 'after', charged: 1 },
      { name: 'before it was read', reset: 'before', charged: 0 },
    ] as const)('a submit that is reset $name, and cannot be proved, is sent once', async ({ reset, charged }) => {
      const door = openDoor({ version, host });
      door.world.emulator.inject({ on: 'submit', reset });
      const end = await inVirtualTime(() => door.make().then(() => 'made', imageErrorOf));
      // Apiframe honours an idempotency key: there the same submit is sent again.
      if (host === 'apiframe') expect([end, door.charges().length]).toEqual(['made', 1]);
      else {
        expect(end).toMatchObject({ code: 'submission_unknown' });
        expect([door.world.submits(), door.charges().length]).toEqual([1, charged]);
      }
    });
  });
});

describe('a middleware that copies the headers', () => {
  test.each([
    { name: 'one picture', wanted: {} },
    { name: 'two in one call', wanted: { n: 2 } },
    { name: 'two that the caller splits', wanted: split },
  ])('hides which attempts belong together, and yet $name: each is paid once', async ({ wanted }) => {
    const door = openDoor(copying);
    const { images } = await inVirtualTime(() => door.make(wanted));
    expect([images.length, door.charges().length]).toEqual([wanted.n ?? 1, wanted.n ?? 1]);
  });
});
