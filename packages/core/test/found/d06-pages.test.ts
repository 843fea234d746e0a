import { describe, expect, test } from 'vitest';
import type { ProviderOptions } from '../../src/index.ts';
import { createMemoryLedger, generateImage, resumeImages } from '../../src/index.ts';
import { createWorld, inVirtualTime } from '../world.ts';
import { candidatesOf, ended, open, pause } from './kit.ts';

const lostAmong = (count: number) => ({ on: 'submit', reset: 'after', others: { count } }) as const;

async function ask(count: number, modelId: string, more: ProviderOptions = {}) {
  const world = createWorld({ faults: [lostAmong(count)] });
  const provider = open(world, 'wavespeed', more);
  const one = await inVirtualTime(() => ended(generateImage({ model: provider(modelId), prompt: 'a pier' })));
  const [job] = world.emulator.jobs();
  const lists = world.emulator.requests().filter(({ kind }) => kind === 'list');
  return { one, id: job?.id, pages: lists.map(({ body }) => (body as { page: number }).page) };
}

describe('D6: a lost job behind newer ones of the same account', () => {
  test.each([99, 100, 150, 450])('is found by its seed behind %d', async (count) => {
    const { one, id } = await ask(count, 'seedream-3');
    expect(one.jobs).toEqual([id]);
  });

  test.each([99, 150, 450])('is named as a candidate behind %d where nothing proves it', async (count) => {
    const { one, id } = await ask(count, 'seedream-4');
    expect(one.error).toMatchObject({ code: 'submission_unknown', billed: 'unknown' });
    expect(candidatesOf(one)).toEqual([id]);
  });

  test('is taken by exact count behind 150', async () => {
    const { one, id } = await ask(150, 'seedream-4', { exclusive: true });
    expect(one.jobs).toEqual([id]);
  });

  test('is searched for on twenty pages at most, and the end says that nobody knows', async () => {
    const { one, pages } = await ask(2_050, 'seedream-3');
    expect(one.error).toMatchObject({ code: 'submission_unknown', billed: 'unknown' });
    expect(Math.max(...pages)).toBe(20);
  });

  test('is searched for no further than jobs that are older than the send', async () => {
    const world = createWorld({ faults: [{ on: 'submit', nth: 301, reset: 'before' }] });
    const provider = open(world, 'wavespeed');
    const init = { method: 'POST', headers: { authorization: `Bearer ${world.emulator.wavespeed.apiKey}` } };
    await inVirtualTime(async () => {
      for (let nth = 0; nth < 300; nth += 1) {
        const body = JSON.stringify({ prompt: `earlier, ${nth}` });
        await world.emulator.fetch('http://localhost/wavespeed/api/v3/bytedance/seedream-v4', { ...init, body });
      }
      await pause(3_600_000);
      await ended(generateImage({ model: provider('seedream-4'), prompt: 'a pier' }));
    });
    const lists = world.emulator.requests().filter(({ kind }) => kind === 'list');
    expect(lists.length).toBeGreaterThan(0);
    expect(new Set(lists.map(({ body }) => (body as { page: number }).page))).toEqual(new Set([1]));
  });
});

describe('D6: at Apiframe, whose list shows no inputs', () => {
  test('a job whose key can no longer be used is found by one GET for each listed job', async () => {
    const world = createWorld({ faults: [{ on: 'submit', reset: 'after', times: 9 }] });
    const ledger = createMemoryLedger();
    const resumed = await inVirtualTime(async () => {
      const model = open(world, 'apiframe')('seedream-4');
      const first = await ended(generateImage({ model, prompt: 'a pier', ledger }));
      expect(first.error).toMatchObject({ code: 'submission_unknown' });
      await pause(25 * 3_600_000);
      return resumeImages({ ledger, models: [open(world, 'apiframe')('seedream-4')] });
    });
    const [id] = world.emulator.charges().map(({ jobId }) => jobId);
    expect(world.emulator.charges()).toHaveLength(1);
    expect(resumed).toMatchObject([{ images: [], error: { billed: 'unknown', candidates: [{ id }] } }]);
  });
});
