import { describe, expect, test, vi } from 'vitest';
import {
  advanceImage,
  createMemoryLedger,
  generateImage,
  type Ledger,
  resumeImages,
  submitImage,
} from '../../src/index.ts';
import { staleFence } from '../../src/ledger/rules.ts';
import { fresh } from '../../src/ledger/state.ts';
import { knownOf } from '../../src/picture/project.ts';
import { billedBy } from '../../src/picture/writing.ts';
import { createWorld, inVirtualTime, play } from '../world.ts';
import { candidatesOf, connect, type Ended, ended, listOpen, open, pause } from './kit.ts';

// Each of these was a bug that was planted, and that no other test noticed.

describe("billed 'no'", () => {
  test('is said only while the hold on the intent lasts', () => {
    const told = (leaseEnd: number) => billedBy(knownOf({ state: fresh, lost: false, leaseEnd }));
    expect(told(performance.now() + 60_000)).toBe('no');
    expect(told(performance.now() - 1)).toBe('unknown');
  });

  test('is said only after the ledger has confirmed that nobody else holds the intent', async () => {
    const memory = createMemoryLedger();
    const ledger: Ledger = {
      ...memory,
      append: async (intentId, fence, event, length) => {
        if (event.type === 'delivered') throw staleFence(intentId);
        await memory.append(intentId, fence, event, length);
      },
    };
    const world = createWorld({ faults: [{ on: 'submit', status: 402 }] });
    const { error } = await play(world, { model: world.model('wavespeed'), ledger });
    expect(error).toMatchObject({ code: 'insufficient_credit', billed: 'unknown' });
  });
});

test('no job is taken by count where nothing shows the clock of the host', async () => {
  const world = createWorld({ faults: [{ on: 'submit', reset: 'after' }] });
  const silent: typeof fetch = async (input, init) => {
    const answer = await world.emulator.fetch(input, init);
    answer.headers.delete('date');
    return answer;
  };
  const ask = (more: object) => {
    const model = open(world, 'wavespeed', { exclusive: true, ...more })('seedream-4');
    return inVirtualTime(() => ended(generateImage({ model, prompt: 'a pier' })));
  };
  const one = await ask({ fetch: silent });
  expect(one.error).toMatchObject({ code: 'submission_unknown', billed: 'unknown' });
  expect(candidatesOf(one)).toEqual(world.emulator.jobs().map(({ id }) => id));
});

test('an intent that is resumed without its host tells which job is paid', async () => {
  const world = createWorld();
  const ledger = createMemoryLedger();
  const [job, resumed] = await inVirtualTime(async () => {
    const accepted = await submitImage({ model: world.model('wavespeed'), prompt: 'a pier', ledger });
    return [accepted, await resumeImages({ ledger, models: [world.model('apiframe')] })] as const;
  });
  expect(resumed).toMatchObject([{ images: [], error: { code: 'not_found', billed: 'yes', job } }]);
});

test('without a key nothing is written down as if it were sent', async () => {
  const world = createWorld();
  const ledger = createMemoryLedger();
  const { fetch } = world.emulator;
  const model = connect('wavespeed', { fetch, baseUrl: 'https://wavespeed.example.com/wavespeed' })('seedream-4');
  const { error } = await inVirtualTime(() => ended(generateImage({ model, prompt: 'a pier', ledger })));
  expect(error).toMatchObject({ code: 'unauthenticated', billed: 'no', stage: 'prepare' });
  expect(await listOpen(ledger)).toEqual([]);
});

test('whoever looks for the refund of a job that was refused for its content is not told the refusal again', async () => {
  const world = createWorld({ refundDelay: 3 * 3_600_000, faults: [{ on: 'submit', job: 'moderated' }] });
  const ledger = createMemoryLedger();
  const model = world.model('wavespeed');
  const [first, resumed] = await inVirtualTime(async () => {
    const told = await ended(generateImage({ model, prompt: 'a pier', ledger }));
    await pause(3_600_000);
    return [told, await resumeImages({ ledger, models: [model] })] as const;
  });
  expect(first.error).toMatchObject({ code: 'moderated', billed: 'no' });
  expect(resumed).toEqual([{ intentId: first.error?.intentId, images: [] }]);
});

test('a send that begins while the list is being read is counted: its job is of no other', async () => {
  const world = createWorld({ faults: [{ on: 'submit', nth: 1, reset: 'before' }] });
  const ledger = createMemoryLedger();
  let second: Promise<Ended> | undefined;
  let onCarried = (): void => undefined;
  const carried = new Promise<void>((resolve) => {
    onCarried = resolve;
  });
  const carry: typeof fetch = async (input, init) => {
    const isList = `${input}`.endsWith('/api/v3/predictions');
    if (isList && !second) {
      second = ask('second');
      await carried;
    }
    const answer = await world.emulator.fetch(input, init);
    if (!second || isList || init?.method !== 'POST') return answer;
    onCarried();
    await pause(2_000);
    return answer;
  };
  const model = open(world, 'wavespeed', { fetch: carry, exclusive: true })('seedream-4');
  const ask = (intentId: string) => ended(generateImage({ model, prompt: 'a pier', ledger, intentId }));
  const [first, other] = await inVirtualTime(async () => [await ask('first'), await second] as const);
  expect(first.error).toMatchObject({ code: 'submission_unknown', billed: 'unknown' });
  expect(other?.jobs).toEqual(world.emulator.jobs().map(({ id }) => id));
});

test('an intent id that is no text is refused by its name', async () => {
  const world = createWorld();
  const call = { ledger: createMemoryLedger(), models: [world.model('wavespeed')] };
  for (const intentId of [7, undefined, '']) {
    const advanced = advanceImage({ ...call, intentId: intentId as string });
    await expect(advanced).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining('intentId'),
    });
  }
});

test('a refund that was seen is waited for no longer', async () => {
  const world = createWorld({ refundDelay: 3_600_000, faults: [{ on: 'submit', job: 'fail' }] });
  const ledger = createMemoryLedger();
  const model = world.model('wavespeed');
  const open = await inVirtualTime(async () => {
    await ended(generateImage({ model, prompt: 'a pier', ledger }));
    const before = await listOpen(ledger);
    await pause(7_200_000);
    await resumeImages({ ledger, models: [model] });
    return [before.length, (await listOpen(ledger)).length];
  });
  expect(open).toEqual([1, 0]);
});

test('an abort while a `sending` is written that stands there already leaves an intent that can be used again', async () => {
  const world = createWorld();
  const memory = createMemoryLedger();
  let slow = true;
  const ledger: Ledger = {
    ...memory,
    append: async (...args) => {
      await memory.append(...args);
      if (args[2].type !== 'sending' || !slow) return;
      slow = false;
      await pause(5_000);
    },
  };
  const ask = (signal?: AbortSignal) =>
    ended(generateImage({ model: world.model('wavespeed'), prompt: 'a pier', ledger, intentId: 'one', signal }));
  const again = await inVirtualTime(async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 1_000);
    await ask(controller.signal);
    await pause(60_000);
    return ask();
  });
  expect(again.images).toHaveLength(1);
  expect(world.submits()).toBe(1);
});

test('a lease in memory is as long as it was, whatever becomes of the system clock', async () => {
  const ledger = createMemoryLedger();
  const request = { prompt: 'a pier', images: [], fit: 'exact', providerOptions: {} } as const;
  await ledger.begin({ id: 'one', createdAt: 0, request, route: [] }, { owner: 'a', duration: 60_000 });
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    vi.setSystemTime(Date.now() + 3_600_000);
    expect(await ledger.claim('one', 'b', 60_000)).toBeNull();
  } finally {
    vi.useRealTimers();
  }
});

test('a job has its own time, counted from its submit', async () => {
  const world = createWorld({ faults: [{ on: 'submit', job: 'never' }] });
  const { error, duration } = await play(world, {
    model: world.model('wavespeed'),
    timeout: 600_000,
    jobTimeout: 60_000,
  });
  expect(error).toMatchObject({ code: 'timeout', billed: 'yes' });
  expect(duration).toBeLessThan(120_000);
});

test('a resume that does not get hold of an intent in time reports what its record says', async () => {
  const world = createWorld();
  const ledger = createMemoryLedger();
  const model = world.model('wavespeed');
  const job = await inVirtualTime(() => submitImage({ model, prompt: 'a pier', ledger }));
  const begin = (): Promise<never> => new Promise(() => undefined);
  const resume = () => resumeImages({ ledger: { ...ledger, begin }, models: [model], timeout: 5_000 });
  const [resumed] = await inVirtualTime(resume);
  expect(resumed?.error).toMatchObject({ code: 'timeout', billed: 'yes', job: { id: job.id } });
});
