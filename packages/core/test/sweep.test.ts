import { createApiframe } from '@imageport/apiframe';
import { createEmulator, type EmulatorOptions } from '@imageport/emulator';
import { createWavespeed } from '@imageport/wavespeed';
import { describe, expect, test } from 'vitest';
import { generateImage, type ImageModel } from '../src/index.ts';
import { inVirtualTime } from './world.ts';

interface Crowd {
  readonly count: number;
  readonly host?: 'apiframe' | 'wavespeed';
  readonly emulated?: EmulatorOptions;
  readonly sweep?: boolean;
  readonly interval?: number;
  /** Milliseconds between two calls. */
  readonly apart?: number;
}

const generationTime = { median: 12_000, sigma: 0.5, seed: 3 };

/** Calls that start one after the other, and what the host was asked. */
async function crowd({ count, host = 'apiframe', emulated, sweep, interval, apart = 20 }: Crowd) {
  const emulator = createEmulator({ generationTime, ...emulated });
  const account = { ...emulator[host], baseUrl: `https://${host}.example.com/${host}`, fetch: emulator.fetch, sweep };
  const model: ImageModel = (host === 'apiframe' ? createApiframe(account) : createWavespeed(account))('seedream-4');
  const results = await inVirtualTime(() =>
    Promise.all(
      Array.from({ length: count }, async (_, nth) => {
        await new Promise((resolve) => setTimeout(resolve, nth * apart));
        return generateImage({ model, prompt: `picture ${nth}`, interval });
      }),
    ),
  );
  const asked = (kind: string) => emulator.requests().filter((request) => request.kind === kind).length;
  const waited = results.reduce((sum, { timings }) => sum + timings.total, 0);
  return { emulator, results, waited, polls: asked('poll'), lists: asked('list') };
}

describe('many jobs in flight', () => {
  test('are looked at together where the host allows it, with a fraction of the requests', async () => {
    // As often as the host asks for, job by job.
    const alone = await crowd({ count: 100, sweep: false, interval: 2_500 });
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
    // Whoever is not on a page that was read is asked for alone, again and again.
    expect(polls).toBeLessThan(50);
  });

  test('are looked at one by one while there are few', async () => {
    expect((await crowd({ count: 7 })).lists).toBe(0);
  });

  test('are looked at one by one while the list fails', async () => {
    const { results, polls } = await crowd({
      count: 12,
      emulated: { faults: [{ on: 'list', status: 500, times: 1_000 }] },
    });
    expect(results.every(({ images }) => images.length === 1)).toBe(true);
    expect(polls).toBeGreaterThanOrEqual(12);
  });

  test('are looked at one by one when the list does not know them', async () => {
    const { results, polls } = await crowd({
      count: 12,
      emulated: { faults: [{ on: 'list', body: '{"jobs":[],"hasMore":false}', times: 1_000 }] },
    });
    expect(results.every(({ images }) => images.length === 1)).toBe(true);
    expect(polls).toBeGreaterThanOrEqual(12);
  });

  test('are not looked at together at WaveSpeedAI, unless asked for', async () => {
    expect((await crowd({ count: 20, host: 'wavespeed' })).lists).toBe(0);
    const asked = await crowd({ count: 20, host: 'wavespeed', sweep: true });
    expect(asked.lists).toBeGreaterThan(0);
    expect(asked.results).toHaveLength(20);
  });
});
