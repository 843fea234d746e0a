import { APICallError, type ImageModelV4 } from '@ai-sdk/provider';
import { createMemoryLedger, type Ledger } from '@imageport/core';
import { generateImage } from 'ai';
import { MockImageModelV4 } from 'ai/test';
import { generateImage as generateForSix } from 'ai-6';
import { MockImageModelV3 } from 'ai-6/test';
import { describe, expect, test } from 'vitest';
import { imageErrorOf } from '../src/index.ts';
import { inVirtualTime } from './clock.ts';
import { type Door, jobsOf, openDoor, versions, type Wanted } from './door.ts';
import { createWorld, hosts } from './world.ts';

const hasty = { timeout: 3_000 };
const once = { maxRetries: 0 };

/** Asks once and leaves when the job has been accepted. */
function makeAndLeave(door: Door, after = 2_000): Promise<unknown> {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error('the caller has left')), after);
  return door.make({ abortSignal: controller.signal }).catch((error: unknown) => error);
}

describe.each(versions)('with %s', (version) => {
  test.each(hosts)('two calls that are meant, one after the other, are two pictures at %s', async (host) => {
    const door = openDoor({ version, host });
    const jobs = await inVirtualTime(async () => [await door.make(), await door.make()]);
    expect(new Set(jobs.flatMap(({ providerMetadata }) => jobsOf(providerMetadata))).size).toBe(2);
    expect(door.charges()).toHaveLength(2);
  });

  test.each(hosts)('two calls that are meant, at once, are two pictures at %s', async (host) => {
    const door = openDoor({ version, host });
    const jobs = await inVirtualTime(() => Promise.all([door.make(), door.make()]));
    expect(new Set(jobs.flatMap(({ providerMetadata }) => jobsOf(providerMetadata))).size).toBe(2);
    expect(door.charges()).toHaveLength(2);
  });

  test('two calls at once that both meet their deadlines are two pictures', async () => {
    const door = openDoor({ version, ...hasty });
    await inVirtualTime(() => Promise.all([door.make(), door.make()]));
    expect(door.charges()).toHaveLength(2);
  });

  test('a call after an abort gets the picture that was accepted before it', async () => {
    const door = openDoor({ version });
    const [left, result] = await inVirtualTime(async () => [await makeAndLeave(door), await door.make()]);
    expect(left).toMatchObject({ message: 'the caller has left' });
    expect(result).toMatchObject({ images: [{}] });
    expect(door.charges()).toHaveLength(1);
  });

  test('a call that is given up may be made again, and the picture is paid once', async () => {
    const door = openDoor({ version, ...hasty });
    const [error] = await inVirtualTime(async () => [await door.make(once).catch(imageErrorOf), await door.make()]);
    expect(error).toMatchObject({ code: 'timeout', billed: 'yes', resumable: true });
    expect(door.charges()).toHaveLength(1);
  });
});

test('a program that is started again goes on with what its ledger holds', async () => {
  const [world, ledger] = [createWorld(), createMemoryLedger()];
  const first = openDoor({ world, ledger, ...hasty });
  const second = openDoor({ world, ledger });
  const { responses } = await inVirtualTime(async () => {
    await first.make(once).catch(() => undefined);
    // What a program has left it gives back in the next turn of the event loop.
    await new Promise((go) => setTimeout(go));
    return second.make();
  });
  expect(responses[0]?.headers).toMatchObject({ 'x-imageport-replayed': 'true' });
  expect(second.charges()).toHaveLength(1);
});

test('a program that is started again makes what was handed over before anew', async () => {
  const [world, ledger] = [createWorld(), createMemoryLedger()];
  await inVirtualTime(async () => {
    await openDoor({ world, ledger }).make();
    await openDoor({ world, ledger }).make();
  });
  expect(world.emulator.charges()).toHaveLength(2);
});

test('a picture that could not be downloaded goes to the next equal call', async () => {
  const door = openDoor({ timeout: 20_000 });
  door.world.emulator.inject({ on: 'output', status: 503, times: 4 });
  await inVirtualTime(async () => {
    await expect(door.make(once)).rejects.toMatchObject({ statusCode: 503 });
    await door.make(once);
  });
  expect(door.charges()).toHaveLength(1);
});

test('an attempt goes on with its own call, however long the one before has waited', async () => {
  const minute = 60_000;
  const door = openDoor({ world: createWorld(26 * minute), timeout: 25 * minute });
  const { images } = await inVirtualTime(() => door.make());
  expect([images.length, door.charges().length]).toEqual([1, 1]);
});

test('calls of another scope never get what was paid for this one', async () => {
  const [world, ledger] = [createWorld(), createMemoryLedger()];
  const [alice, bob] = [
    openDoor({ world, ledger, ...hasty, scope: 'alice' }),
    openDoor({ world, ledger, scope: 'bob' }),
  ];
  await inVirtualTime(async () => {
    await alice.make(once).catch(() => undefined);
    await bob.make();
  });
  expect(world.emulator.charges()).toHaveLength(2);
});

test.each<[string, Wanted]>([
  ['another prompt', { prompt: 'a lighthouse at noon' }],
  ['another size', { size: '1024x1024' }],
  ['another number', { n: 2 }],
  [
    'another picture to go by',
    { prompt: { text: 'a lighthouse in fog at dawn', images: ['https://example.com/a.png'] } },
  ],
  ['another native field', { providerOptions: { wavespeed: { size: '2048*2048' } } }],
  ['another option', { providerOptions: { imageport: { fit: 'nearest' } } }],
])('a call with %s is a request of its own', async (_, wanted) => {
  const door = openDoor(hasty);
  await inVirtualTime(async () => {
    await door.make(once).catch(() => undefined);
    await door.make(wanted);
  });
  expect(door.charges()).toHaveLength(1 + (wanted.n ?? 1));
});

test('a call that is only more patient is the same request', async () => {
  const door = openDoor(hasty);
  await inVirtualTime(async () => {
    await door.make(once).catch(() => undefined);
    await door.make({ ...once, providerOptions: { imageport: { timeout: 60_000 } } });
  });
  expect(door.charges()).toHaveLength(1);
});

describe('a name of the caller', () => {
  test.each<[string, Wanted]>([
    ['intentId', { providerOptions: { imageport: { intentId: 'order-4713' } } }],
    ['idempotency-key', { headers: { 'Idempotency-Key': 'order-4713' } }],
  ])('as %s gets the same picture again, paid once', async (_, wanted) => {
    const door = openDoor();
    const results = await inVirtualTime(async () => [await door.make(wanted), await door.make(wanted)]);
    expect(new Set(results.flatMap(({ providerMetadata }) => jobsOf(providerMetadata))).size).toBe(1);
    expect(door.charges()).toHaveLength(1);
  });

  test('that is an intent id stands in the ledger as it is, and goes with no other request', async () => {
    const door = openDoor();
    const named: Wanted = { providerOptions: { imageport: { intentId: 'order-4713' } } };
    const other = { ...named, prompt: 'a lighthouse at noon' };
    const [{ responses }, error] = await inVirtualTime(
      async () => [await door.make(named), await door.make(other).catch(imageErrorOf)] as const,
    );
    expect(responses[0]?.headers).toMatchObject({ 'x-imageport-intent-id': 'order-4713' });
    expect(error).toMatchObject({ code: 'invalid_request', reason: 'intent_conflict', billed: 'no' });
    expect(door.charges()).toHaveLength(1);
  });
});

describe('of two pictures', () => {
  test('one that failed keeps the other from nobody, and is named in the warnings', async () => {
    const door = openDoor();
    door.world.emulator.inject({ on: 'submit', job: 'moderated' });
    const { images, warnings } = await inVirtualTime(() => door.make({ n: 2 }));
    expect(images).toHaveLength(1);
    expect(warnings).toContainEqual({ type: 'other', message: expect.stringContaining('moderation') });
    expect(door.world.submits()).toBe(2);
  });

  test('one that the deadline cuts off is waited for before any is handed over', async () => {
    const door = openDoor({ timeout: 6_500 });
    door.world.emulator.inject({ on: 'submit', accepted: false, delay: 2_000 });
    const { images } = await inVirtualTime(() => door.make({ n: 2 }));
    expect([images.length, door.charges().length]).toEqual([2, 2]);
  });

  test('one whose download fails is downloaded again before any is handed over', async () => {
    const door = openDoor();
    // Four for the one, three for the other, which comes with its fourth try.
    door.world.emulator.inject({ on: 'output', status: 503, times: 7 });
    const { images } = await inVirtualTime(() => door.make({ n: 2 }));
    expect([images.length, door.charges().length]).toEqual([2, 2]);
    expect(door.world.emulator.unfired()).toEqual([]);
  });

  test('one whose file the host has removed keeps the other from nobody', async () => {
    const door = openDoor();
    door.world.emulator.inject({ on: 'output', status: 410, times: 1 });
    const { images, warnings } = await inVirtualTime(() => door.make({ n: 2 }));
    expect(images).toHaveLength(1);
    expect(warnings).toContainEqual({ type: 'other', message: expect.stringContaining('the file is gone') });
    expect(door.charges()).toHaveLength(2);
  });

  test('one that is paid and never ends is waited for once more, and then the other is handed over', async () => {
    const door = openDoor({ timeout: 20_000 });
    door.world.emulator.inject({ on: 'submit', job: 'never' });
    const { images, warnings } = await inVirtualTime(() => door.make({ n: 2 }));
    expect(images).toHaveLength(1);
    expect(warnings).toContainEqual({ type: 'other', message: expect.stringContaining('timed out') });
    expect([door.world.submits(), door.charges().length]).toEqual([2, 2]);
  });
});

test('a job that was refused for its content is not sent again', async () => {
  const door = openDoor();
  door.world.emulator.inject({ on: 'submit', job: 'moderated', times: Infinity });
  const error = await inVirtualTime(() => door.make().catch(imageErrorOf));
  expect(error).toMatchObject({ code: 'moderated' });
  expect(door.world.submits()).toBe(1);
});

test('pictures are handed over even if the ledger cannot note it, and the warnings say so', async () => {
  const ledger = createMemoryLedger();
  const failing: Ledger = {
    ...ledger,
    append: (id, fence, event, length) =>
      event.type === 'delivered' ? Promise.reject(new Error('disk full')) : ledger.append(id, fence, event, length),
  };
  const { images, warnings } = await inVirtualTime(() => openDoor({ ledger: failing }).make());
  expect(images).toHaveLength(1);
  expect(warnings).toContainEqual({ type: 'other', message: expect.stringContaining('stays open') });
});

describe('the AI SDK as it is today gives all attempts and splits of a call one object of headers, and every other call another:', () => {
  const seen: unknown[] = [];
  const doGenerate = ({ headers }: { headers?: object }): Promise<never> => {
    seen.push(headers);
    const failure = { message: 'busy', url: '', requestBodyValues: {}, isRetryable: true };
    return Promise.reject(new APICallError(failure));
  };

  test.each<[string, (more: object) => Promise<unknown>]>([
    [
      'ai 7',
      (more) => generateImage({ model: new MockImageModelV4({ doGenerate }) as ImageModelV4, prompt: 'x', ...more }),
    ],
    ['ai 6', (more) => generateForSix({ model: new MockImageModelV3({ doGenerate }), prompt: 'x', ...more })],
  ])('%s', async (_, generate) => {
    seen.length = 0;
    for (const more of [{}, { n: 2, maxImagesPerCall: 1 }])
      await inVirtualTime(() => generate(more).catch(() => undefined));
    expect(seen).toHaveLength(9);
    expect(new Set(seen.slice(0, 3)).size).toBe(1);
    expect(new Set(seen.slice(3)).size).toBe(1);
    expect(seen[0]).toBeTypeOf('object');
    expect(seen[0]).not.toBe(seen[3]);
  });
});
