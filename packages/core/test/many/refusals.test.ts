import { describe, expect, test } from 'vitest';
import { createMemoryLedger } from '../../src/index.ts';
import { createWorld, inVirtualTime, type World } from '../world.ts';
import { outcomes, prompts, takeAll } from './kit.ts';

/** A host that takes so many submits a minute and answers 429 to the others, whatever the account knows of it. */
function strictWorld(perMinute: number): { world: World; refused: () => number } {
  const times: number[] = [];
  let refused = 0;
  const world = createWorld({}, (inner) => async (input, init) => {
    if (new Request(input, init).method !== 'POST') return inner(input, init);
    const now = performance.now();
    if (times.filter((time) => time > now - 60_000).length < perMinute) {
      times.push(now);
      return inner(input, init);
    }
    refused += 1;
    return Response.json({ code: 429, message: 'too many' }, { status: 429 });
  });
  return { world, refused: () => refused };
}

describe('a host that answers 429 to what is too much', () => {
  test.each([
    [2, 100],
    [10, 125],
  ])('gets every item in the end, at the pace that it bears: %i a minute', async (perMinute, most) => {
    const { world, refused } = strictWorld(perMinute);
    const count = perMinute * 6;
    const minutes = await inVirtualTime(async () => {
      const begun = performance.now();
      const results = await takeAll(prompts(count), { model: world.model('wavespeed') });
      expect(outcomes(results)).toEqual({ completed: count });
      return (performance.now() - begun) / 60_000;
    });
    expect(world.emulator.charges()).toHaveLength(count);
    expect(minutes).toBeLessThan(10);
    expect(refused()).toBeLessThan(most);
  });

  test('and never takes anything is asked for some minutes, and then every item says so', async () => {
    const { world, refused } = strictWorld(0);
    const results = await inVirtualTime(() => takeAll(prompts(30), { model: world.model('wavespeed') }));
    expect(outcomes(results)).toEqual({ failed: 30 });
    expect(new Set(results.map(({ error }) => `${error?.code} ${error?.billed}`))).toEqual(
      new Set(['rate_limited no']),
    );
    expect(refused()).toBeLessThan(30 * 3 + 40);
  });

  test('keeps no item back that is aborted meanwhile', async () => {
    const { world } = strictWorld(0);
    const ledger = createMemoryLedger();
    const controller = new AbortController();
    await inVirtualTime(async () => {
      setTimeout(() => controller.abort('enough'), 60_000);
      const options = { model: world.model('wavespeed'), ledger, signal: controller.signal };
      const begun = performance.now();
      await expect(takeAll(prompts(5), options)).rejects.toBe('enough');
      expect(performance.now() - begun).toBeLessThan(61_000);
    });
    for await (const record of ledger.open()) expect.fail(`${record.intent.id} is open`);
  });
});

describe('a host that is down for a while', () => {
  test('holds the items that come after those which found out', async () => {
    let isDown = true;
    const world = createWorld({}, (inner) => async (input, init) => {
      if (isDown) throw Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } });
      return inner(input, init);
    });
    const results = await inVirtualTime(async () => {
      setTimeout(() => {
        isDown = false;
      }, 90_000);
      return takeAll(prompts(20), { model: world.model('wavespeed'), concurrency: 2 });
    });
    const { failed = 0, completed = 0 } = outcomes(results);
    expect(failed + completed).toBe(20);
    expect(failed).toBeLessThan(6);
    expect(world.emulator.charges()).toHaveLength(completed);
  });
});
