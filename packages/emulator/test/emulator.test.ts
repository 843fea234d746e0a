import { getEventListeners } from 'node:events';
import { createEmulator } from '@imageport/emulator';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { apiframe, dreamina, generate, start, wavespeed } from './harness.ts';

afterEach(() => vi.useRealTimers());

describe('an emulator', () => {
  it('hands out one key for each host, which nobody can guess, or the first of those it is given', async () => {
    const all = [start(), start()];
    expect(all[0]?.wavespeed.baseUrl).toBe('http://localhost/wavespeed');
    for (const each of all) {
      expect(each.wavespeed.apiKey).toMatch(/^emulator-key-[0-9a-f]{40}$/);
      expect(each.apiframe.apiKey).toMatch(/^afk_[0-9a-f]{40}$/);
    }
    expect(new Set(all.flatMap((each) => [each.wavespeed.apiKey, each.apiframe.apiKey])).size).toBe(4);
    const emulator = start({ apiKeys: ['one', 'two'] });
    expect(emulator.apiframe.apiKey).toBe('one');
    expect((await apiframe(emulator, 'me')).status).toBe(200);
  });

  it('moves its jobs by the clock, also by a faked one', async () => {
    vi.useFakeTimers();
    const emulator = start({ generationTime: { fixed: 60_000 } });
    await generate(emulator);
    const statuses: (string | undefined)[] = [];
    for (let step = 0; step < 3; step += 1) {
      statuses.push(emulator.jobs()[0]?.status);
      vi.advanceTimersByTime(30_000);
    }
    expect(statuses).toEqual(['QUEUED', 'PROCESSING', 'COMPLETED']);
  });

  it('does not age its jobs when the wall clock jumps', async () => {
    const emulator = start({ generationTime: { fixed: 60_000 } });
    await generate(emulator);
    vi.setSystemTime(Date.now() + 86_400_000);
    expect(emulator.jobs()[0]?.status).toBe('QUEUED');
  });

  it('spreads generation times around the median, the same for the same seed', async () => {
    const durations = async () => {
      vi.useFakeTimers();
      const emulator = start({ generationTime: { median: 1000, sigma: 0.5, seed: 3 } });
      for (let index = 0; index < 50; index += 1) await generate(emulator);
      vi.advanceTimersByTime(60_000);
      return emulator.jobs().map((job) => (job.completedAt ?? 0) - job.createdAt);
    };
    const first = await durations();
    expect(await durations()).toEqual(first);
    const sorted = first.toSorted((a, b) => a - b);
    expect(sorted[25]).toBeGreaterThan(700);
    expect(sorted[25]).toBeLessThan(1400);
    expect(sorted.at(-1)).toBeGreaterThan((sorted[0] ?? 0) * 2);
  });

  it('leaves no listener on the signal of a finished call, and heeds one that aborted before', async () => {
    const emulator = start();
    const { signal } = new AbortController();
    await wavespeed(emulator, dreamina, { prompt: 'a' }, signal);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    await expect(wavespeed(emulator, dreamina, { prompt: 'a' }, AbortSignal.abort())).rejects.toThrow();
    expect(emulator.requests()).toHaveLength(1);
  });

  it('accepts a whole Request with its body and signal', async () => {
    const emulator = start();
    const { apiKey, baseUrl } = emulator.wavespeed;
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ prompt: 'a' });
    const request = new Request(`${baseUrl}/api/v3/${dreamina}`, { method: 'POST', headers, body });
    expect((await emulator.fetch(request)).status).toBe(200);
    expect(emulator.requests()[0]).toMatchObject({ kind: 'submit', method: 'POST', body: { prompt: 'a' } });
  });

  it('forgets everything on reset, and closes twice without harm', async () => {
    const emulator = start({ faults: [{ on: 'poll', status: 500 }] });
    await generate(emulator, {}, { 'Idempotency-Key': 'k' });
    emulator.reset();
    expect([emulator.jobs(), emulator.charges(), emulator.requests(), emulator.unfired()]).toEqual([[], [], [], []]);
    expect((await generate(emulator, { prompt: 'other' }, { 'Idempotency-Key': 'k' })).status).toBe(202);
    await emulator.close();
    await emulator.close();
  });

  it('refuses to listen twice', async () => {
    const emulator = createEmulator();
    await emulator.listen();
    await expect(emulator.listen()).rejects.toThrow('listening already');
    await emulator.close();
  });
});
