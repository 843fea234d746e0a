import type { Fault } from '@imageport/emulator';
import { describe, expect, test } from 'vitest';
import { createMemoryLedger, generateImage } from '../../src/index.ts';
import { createWorld, inVirtualTime, play } from '../world.ts';
import { candidatesOf, ended, open, pause } from './kit.ts';

// Each of these was a bug that could be written without any test noticing.

describe('a job that is older than the send', () => {
  test.each([
    ['taken by count', { exclusive: true }],
    ['named as a candidate', {}],
  ] as const)('is never %s', async (_, more) => {
    const world = createWorld({ faults: [{ on: 'submit', nth: 2, reset: 'before' }] });
    const ask = () => {
      const model = open(world, 'wavespeed', more)('seedream-4');
      return ended(generateImage({ model, prompt: 'the same words', ledger: createMemoryLedger() }));
    };
    const [first, second] = await inVirtualTime(async () => {
      const before = await ask();
      // Within the window in which the list is asked for, so that only the job's own time tells.
      await pause(60_000);
      return [before, await ask()] as const;
    });
    expect(first.images).toHaveLength(1);
    expect(second.error).toMatchObject({ code: 'submission_unknown', billed: 'unknown' });
    expect(second.jobs).toEqual([]);
    expect(candidatesOf(second)).toEqual([]);
  });

  test('does not keep the one that is not from being taken', async () => {
    const world = createWorld({ faults: [{ on: 'submit', nth: 2, reset: 'after' }] });
    const ask = () => {
      const model = open(world, 'wavespeed', { exclusive: true })('seedream-4');
      return ended(generateImage({ model, prompt: 'the same words', ledger: createMemoryLedger() }));
    };
    const second = await inVirtualTime(async () => {
      await ask();
      await pause(60_000);
      return ask();
    });
    expect(second.jobs).toEqual([world.emulator.jobs()[1]?.id]);
  });
});

describe('money that is promised back', () => {
  const failed: Fault = { on: 'submit', job: 'fail' };
  const route = (world: ReturnType<typeof createWorld>) =>
    [world.model('wavespeed', 'seedream-4'), world.model('wavespeed', 'bytedance/seedream-v3')] as const;
  const most = { maxCost: { USD: 0.03 } };

  test('still counts under `maxCost` until it was seen', async () => {
    const world = createWorld({ refundDelay: 3 * 3_600_000, faults: [failed] });
    const { images, charges } = await play(world, { model: route(world), ...most });
    expect(images).toBe(0);
    expect(charges).toHaveLength(1);
  });

  test('does not keep the route from going on where nothing limits it, and is told as pending', async () => {
    const world = createWorld({ refundDelay: 3 * 3_600_000, faults: [failed] });
    const ending = await play(world, { model: route(world) });
    expect(ending).toMatchObject({ images: 1, attempts: [{ billed: 'no', refund: 'pending' }, { billed: 'yes' }] });
  });
});

describe('the window in which the list is asked for', () => {
  test.each([-4, -2, 2, 4])('has a margin for clocks that differ by %d minutes', async (minutes) => {
    const faults: Fault[] = [{ on: 'submit', reset: 'after' }];
    const world = createWorld({ clockSkew: minutes * 60_000, faults });
    // The host tells its time nowhere: not in the header, only in its jobs.
    const silent: typeof fetch = async (input, init) => {
      const answer = await world.emulator.fetch(input, init);
      answer.headers.delete('date');
      return answer;
    };
    const model = open(world, 'wavespeed', { fetch: silent })('seedream-3');
    const one = await inVirtualTime(() => ended(generateImage({ model, prompt: 'a pier' })));
    expect(one.jobs).toEqual(world.emulator.jobs().map(({ id }) => id));
  });
});

test('of a job with forty outputs sixteen are handed over, and a warning names the others', async () => {
  const world = createWorld();
  const many = Array.from({ length: 40 }, (_, index) => `https://example.com/${index}.png`);
  const patch: Fault['patch'] = (json) => ({ ...json, data: { ...json.data, outputs: many, status: 'completed' } });
  world.emulator.inject({ on: 'poll', times: 99, patch });
  const result = await inVirtualTime(() => generateImage({ model: world.model('wavespeed'), prompt: 'a pier' }));
  expect(result.images).toHaveLength(16);
  expect(result.warnings.join()).toContain('40');
});
