import { apiframeAdapter, createApiframe } from '@imageport/apiframe';
import { createEmulator, type EmulatorOptions } from '@imageport/emulator';
import { createWavespeed } from '@imageport/wavespeed';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { bulkPoll } from '../src/bulk-poll/index.ts';
import type { Host } from '../src/host/host.ts';
import { createLimiter } from '../src/host/limits.ts';
import { createScheduler } from '../src/host/scheduler.ts';
import {
  type BulkPoll,
  type Exchange,
  generateImage,
  type ImageError,
  type ImageModel,
  type JobSnapshot,
  type ListQuery,
} from '../src/index.ts';
import { inVirtualTime } from './world.ts';

interface Crowd {
  readonly count: number;
  readonly emulated?: EmulatorOptions;
  readonly alone?: boolean;
  /** Calls that fail are what is looked for. */
  readonly mayFail?: boolean;
  readonly interval?: number;
  /** Milliseconds between two calls. */
  readonly apart?: number;
}

const generationTime = { median: 12_000, sigma: 0.5, seed: 3 };

/** Calls that start one after the other, and what the host was asked. */
async function crowd({ count, emulated, alone, mayFail, interval, apart = 20 }: Crowd) {
  const emulator = createEmulator({ generationTime, ...emulated });
  const account = { ...emulator.apiframe, baseUrl: 'https://apiframe.example.com/apiframe', fetch: emulator.fetch };
  const model: ImageModel = createApiframe({ ...account, bulkPoll: alone ? undefined : bulkPoll() })('seedream-4');
  const ended = await inVirtualTime(() =>
    Promise.allSettled(
      Array.from({ length: count }, async (_, nth) => {
        await new Promise((resolve) => setTimeout(resolve, nth * apart));
        return generateImage({ model, prompt: `picture ${nth}`, interval });
      }),
    ),
  );
  const results = ended.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const errors = ended.flatMap((each) => (each.status === 'rejected' ? [each.reason as ImageError] : []));
  if (errors.length > 0 && !mayFail) throw errors[0];
  const asked = (kind: string) => emulator.requests().filter((request) => request.kind === kind).length;
  const waited = results.reduce((sum, { timings }) => sum + timings.total, 0);
  return { emulator, results, errors, waited, polls: asked('poll'), lists: asked('list') };
}

describe('many jobs in flight', () => {
  test('are polled together where the host allows it, with a fraction of the requests', async () => {
    // As often as the host asks for, job by job.
    const alone = await crowd({ count: 100, alone: true, interval: 2_500 });
    const together = await crowd({ count: 100 });
    expect(alone.lists).toBe(0);
    expect(together.lists + together.polls).toBeLessThanOrEqual(alone.polls / 20);
    expect(together.waited).toBeLessThanOrEqual(alone.waited);
    expect(together.results.map(({ images }) => images.length)).toEqual(Array(100).fill(1));
  });

  test('bring each caller the own picture', async () => {
    const { emulator, results } = await crowd({ count: 30 });
    const prompts = new Map(emulator.jobs().map(({ id, input }) => [id, input.prompt]));
    expect(results.map(({ jobs }) => prompts.get(jobs[0]?.id ?? ''))).toEqual(
      results.map((_, nth) => `picture ${nth}`),
    );
  });

  test('are found beyond the first page', async () => {
    const { results, lists, polls } = await crowd({ count: 250, emulated: { generationTime: { fixed: 60_000 } } });
    expect(results).toHaveLength(250);
    expect(lists).toBeGreaterThan(0);
    // Whoever is not on a page that was read is polled alone, again and again.
    expect(polls).toBeLessThan(50);
  });

  test('are polled one by one while there are few', async () => {
    expect((await crowd({ count: 7 })).lists).toBe(0);
  });

  test('are polled one by one while the list fails', async () => {
    const { results, polls } = await crowd({
      count: 12,
      emulated: { faults: [{ on: 'list', status: 500, times: 1_000 }] },
    });
    expect(results.every(({ images }) => images.length === 1)).toBe(true);
    expect(polls).toBeGreaterThanOrEqual(12);
  });

  test('are polled one by one when the list does not know them', async () => {
    const { results, polls } = await crowd({
      count: 12,
      emulated: { faults: [{ on: 'list', body: '{"jobs":[],"hasMore":false}', times: 1_000 }] },
    });
    expect(results.every(({ images }) => images.length === 1)).toBe(true);
    expect(polls).toBeGreaterThanOrEqual(12);
  });

  test('are polled one by one unless the account asks for it', async () => {
    expect((await crowd({ count: 20, alone: true })).lists).toBe(0);
  });

  test('whose failures the list tells of are polled themselves before anything is believed', async () => {
    const { errors, lists, polls } = await crowd({
      count: 12,
      mayFail: true,
      emulated: { faults: [{ on: 'submit', job: 'fail', times: 12 }] },
    });
    expect(errors.map(({ code }) => code)).toEqual(Array(12).fill('job_failed'));
    expect(lists).toBeGreaterThan(0);
    // Each is seen failed twice, by an answer about itself alone.
    expect(polls).toBeGreaterThanOrEqual(24);
  });
});

describe('an account that asks for bulk polling', () => {
  const invalid = (text: string) =>
    expect.objectContaining({ code: 'invalid_request', message: expect.stringContaining(text) });

  test('is refused where the host does not want its list used for it', () => {
    expect(() => createWavespeed({ apiKey: 'key', bulkPoll: bulkPoll() })).toThrow(
      invalid('`bulkPoll` is not for wavespeed'),
    );
  });

  test.each([['yes'], [bulkPoll], [() => undefined]])('is refused with %o', (wrong) => {
    expect(() => createApiframe({ apiKey: 'key', bulkPoll: wrong as unknown as BulkPoll })).toThrow(
      invalid('must come from'),
    );
  });
});

describe('a bulk poller', () => {
  interface Answer {
    readonly status?: number;
    readonly jobs?: readonly Partial<JobSnapshot>[];
    readonly next?: string;
  }

  /** A poller at an account whose list answers what `answer` says after `latency`, and when it was asked. */
  function createPoller(answer: (cursor: string) => Answer, latency = 10) {
    const asked: number[] = [];
    const queries: ListQuery[] = [];
    let ended = 0;
    const scheduler = createScheduler(64, createLimiter());
    const list = {
      toRequest: (query: ListQuery) => {
        queries.push(query);
        return { method: 'GET', path: query.cursor ?? '' } as const;
      },
      parse: (body: unknown) => ((body as Answer).jobs ?? []) as JobSnapshot[],
      next: (body: unknown) => (body as Answer).next,
      isSame: () => undefined,
    };
    const ask: Host['ask'] = async ({ path }, signal) => {
      asked.push(Math.round(performance.now() - start));
      await new Promise((resolve) => setTimeout(resolve, latency));
      if (signal.aborted) ended += 1;
      signal.throwIfAborted();
      return {
        sent: 'yes',
        bodyState: 'json',
        status: 200,
        body: answer(path),
        ...answer(path),
      } as unknown as Exchange;
    };
    const adapter = { ...apiframeAdapter, interval: 1_000, list };
    const poller = bulkPoll()({ adapter, ask, scheduler, clockOffset: () => 7_000 });
    const start = performance.now();
    const told: string[] = [];
    return {
      ...{ poller, asked, queries, told, scheduler },
      ended: () => ended,
      /** A job that is due so many milliseconds from now. */
      add(id: string, due: number, submittedAt: number | undefined = Date.now()) {
        const job = { provider: 'apiframe', modelId: 'model', id, ...(submittedAt ? { submittedAt } : {}) };
        return poller.add(job, performance.now() + due, (snapshot) => {
          told.push(`${id} ${snapshot?.state ?? 'alone'} at ${Math.round(performance.now() - start)}`);
        });
      },
    };
  }

  const pass = (time: number) => vi.advanceTimersByTimeAsync(time);
  const running = (...ids: readonly string[]) => ids.map((id) => ({ id, state: 'processing' as const, outputs: [] }));
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;

  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  test('tells those who are due, and at once those that have ended; the others wait on', async () => {
    const done = { id: 'h', state: 'completed' as const, outputs: [{ url: 'https://example.com/h.png' }] };
    const { add, asked, told } = createPoller(() => ({ jobs: [...running(...names.slice(0, 7)), done] }));
    const cancels = names.map((name, index) => add(name, index < 2 ? 100 : 60_000));
    await pass(1_000);
    expect(asked).toEqual([100]);
    expect(told).toEqual(['a processing at 110', 'b processing at 110', 'h completed at 110']);
    for (const cancel of cancels.slice(2, 7)) cancel?.();
  });

  test('begins with eight, and goes on down to three', async () => {
    const { add, asked, told } = createPoller(() => ({ jobs: running(...names) }));
    for (const name of names.slice(0, 7)) add(name, 100);
    await pass(500);
    expect([asked.length, told.length]).toEqual([0, 7]);
    for (const name of names) add(name, 100);
    await pass(500);
    expect([asked.length, told.length]).toEqual([1, 15]);
    for (const name of names.slice(0, 3)) add(name, 1_000);
    await pass(2_000);
    expect([asked.length, told.length]).toEqual([2, 18]);
    for (const name of names.slice(0, 2)) add(name, 1_000);
    await pass(2_000);
    expect([asked.length, told.length]).toEqual([2, 20]);
  });

  test('asks again after four fifths of the documented interval, not before', async () => {
    const { add, asked } = createPoller(() => ({ jobs: running(...names) }));
    for (const name of names) add(name, 100);
    await pass(150);
    for (const name of names) add(name, 100);
    await pass(2_000);
    expect(asked).toEqual([100, 900]);
  });

  test('leaves a list that fails alone for ten seconds', async () => {
    let status = 500;
    const { add, asked, told } = createPoller(() => ({ status, jobs: running(...names) }));
    for (const name of names) add(name, 100);
    await pass(200);
    expect(told).toEqual(names.map((name) => `${name} alone at 110`));
    status = 200;
    for (const name of names) add(name, 9_800);
    await pass(9_900);
    expect(asked).toEqual([100]);
    for (const name of names) add(name, 100);
    await pass(500);
    expect(asked).toHaveLength(2);
    expect(told.at(-1)).toContain('h processing');
  });

  test('polls by themselves those whom the list does not know, and what decides about money', async () => {
    const jobs = [
      ...running(...names.slice(0, 5)),
      { id: 'f', state: 'failed' as const, outputs: [] },
      { id: 'g', state: 'completed' as const, outputs: [] },
    ];
    const { add, told } = createPoller(() => ({ jobs }));
    for (const name of names) add(name, name === 'f' ? 60_000 : 100);
    await pass(500);
    expect(told.slice(4).map((each) => each.slice(0, 7))).toEqual(['e proce', 'f alone', 'g alone', 'h alone']);
  });

  test('reads page after page until every job was seen', async () => {
    const pages: Record<string, Answer> = {
      '': { jobs: running('x', 'a'), next: 'two' },
      two: { jobs: running(...names.slice(1)), next: 'three' },
    };
    const { add, asked, told } = createPoller((cursor) => pages[cursor] ?? { status: 500 });
    for (const name of names) add(name, 100);
    await pass(500);
    expect(asked).toEqual([100, 110]);
    expect(told).toEqual(names.map((name) => `${name} processing at 120`));
  });

  test('keeps who comes while the list is read for the next one', async () => {
    const { add, asked, told } = createPoller(() => ({ jobs: running(...names, 'late') }), 400);
    for (const name of names) add(name, 100);
    await pass(200);
    add('late', 100);
    for (const name of ['i', 'j']) add(name, 60_000);
    await pass(500);
    expect(told).toHaveLength(8);
    await pass(2_000);
    expect(asked).toEqual([100, 900]);
    expect(told.at(-1)).toBe('late processing at 1300');
    for (const name of names) expect(add(name, 1)).toBeTypeOf('function');
    await pass(2_000);
    expect(asked).toHaveLength(3);
    expect(add('i', 1)).toBeUndefined();
    await pass(60_000);
  });

  test('polls by itself who comes while a list is read that fails', async () => {
    const { add, told } = createPoller(() => ({ status: 500 }), 400);
    for (const name of names) add(name, 100);
    await pass(200);
    add('late', 100);
    await pass(400);
    expect(told.at(-1)).toBe('late alone at 500');
  });

  test('asks for jobs since the oldest, by the clock of the host and with five minutes to spare', async () => {
    const { add, queries } = createPoller(() => ({ jobs: running(...names) }));
    const oldest = Date.now() - 60_000;
    for (const [index, name] of names.entries()) add(name, 100, oldest + 1_000 * index);
    await pass(500);
    expect(queries).toEqual([{ since: oldest + 7_000 - 300_000, limit: 100 }]);
  });

  test('stops reading when nobody waits any more, and holds nothing against the list', async () => {
    const { add, asked, told, ended } = createPoller(() => ({ jobs: running(...names) }), 400);
    const cancels = names.map((name) => add(name, 100));
    await pass(200);
    for (const cancel of cancels) cancel?.();
    await pass(400);
    expect([asked, told, ended()]).toEqual([[100], [], 1]);
    for (const name of names) add(name, 1_000);
    await pass(2_000);
    expect(told).toHaveLength(8);
    expect(asked).toHaveLength(2);
  });

  test('refuses a job that waits already, and one whose age nobody knows', async () => {
    const { add, scheduler } = createPoller(() => ({}));
    const cancel = add('a', 1_000);
    expect(add('a', 1_000)).toBeUndefined();
    expect(add('b', 1_000, 0)).toBeUndefined();
    cancel?.();
    cancel?.();
    expect(scheduler.waiting()).toBe(0);
  });
});
