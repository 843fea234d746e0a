import { describe, expect, test } from 'vitest';
import { generateImage } from '../src/index.ts';
import { createWorld, inVirtualTime, play } from './world.ts';

describe('maxCost', () => {
  test('refuses before spending what is over the cap', async () => {
    const world = createWorld();
    const { error } = await play(world, { model: world.model('wavespeed'), maxCost: { USD: 0.02 } });
    expect(error).toMatchObject({ code: 'unsupported', reason: 'over_budget', billed: 'no' });
    expect(error?.message).toContain('it costs 0.027 USD and 0.02 of `maxCost` is left');
    expect(world.submits()).toBe(0);
  });

  test('refuses a model whose price is in a currency that has no cap, or not listed', async () => {
    const world = createWorld();
    const { error } = await play(world, { model: world.model('apiframe'), maxCost: { USD: 1 } });
    expect(error).toMatchObject({ reason: 'over_budget' });
    const other = await play(world, {
      model: world.model('wavespeed', 'bytedance/seedream-v5.5'),
      maxCost: { USD: 1 },
    });
    expect(other.error).toMatchObject({ reason: 'over_budget' });
    expect(world.submits()).toBe(0);
  });

  test('goes to a cheaper model of the route', async () => {
    const world = createWorld();
    const route = [world.model('wavespeed', 'seedream-4.5'), world.model('wavespeed', 'seedream-4')];
    const ending = await play(world, { model: route, maxCost: { USD: 0.03 } });
    expect(ending).toMatchObject({ images: 1, attempts: [{ submits: 0 }, { outcome: 'completed' }] });
  });

  test('holds for all pictures of a call together', async () => {
    const world = createWorld();
    const call = { model: world.model('wavespeed'), prompt: 'x', n: 5, maxCost: { USD: 0.06 } };
    const result = await inVirtualTime(() => generateImage(call));
    expect(result.images).toHaveLength(2);
    expect(result.failures.map(({ reason }) => reason)).toEqual(['over_budget', 'over_budget', 'over_budget']);
    expect(world.submits()).toBe(2);
  });

  test('counts an attempt whose fate is unknown', async () => {
    const world = createWorld({ listLag: 600_000, faults: [{ on: 'submit', reset: 'after' }] });
    const route = [world.model('wavespeed'), world.model('wavespeed', 'seedream-5-lite')];
    const { error } = await play(world, { model: route, onAmbiguous: 'proceed', maxCost: { USD: 0.05 } });
    expect(error).toMatchObject({ code: 'submission_unknown', billed: 'unknown' });
    expect(error?.attempts.map(({ code }) => code)).toEqual(['submission_unknown', 'unsupported']);
    expect(world.submits()).toBe(1);
  });

  test('takes back what was refunded', async () => {
    const world = createWorld({ faults: [{ on: 'submit', job: 'fail' }] });
    const route = [world.model('apiframe'), world.model('apiframe', 'seedream-3')];
    expect(await play(world, { model: route, maxCost: { credit: 3 } })).toMatchObject({ images: 1 });
  });
});
