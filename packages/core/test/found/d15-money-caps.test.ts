import { describe, expect, test } from 'vitest';
import { generateImage } from '../../src/index.ts';
import { createWorld, inVirtualTime, play, type World } from '../world.ts';

// A cap holds whatever is refused, lost or asked again under it: a price is set aside once and freed once.

const charged = (world: World): number => world.emulator.charges().reduce((sum, { amount }) => sum + amount, 0);
/** Refused before anything is sent: the model takes no seed. */
const refusedEarly = (world: World, seed: number) => ({ model: world.wavespeed('seedream-4'), seed });

describe('D15: under `maxCost`', () => {
  test.each([
    ['one picture', 1],
    ['three pictures', 3],
  ])('a model that is refused before it is asked does not free the price of the one before again: %s', async (_, n) => {
    const world = createWorld({ faults: [{ on: 'submit', host: 'wavespeed', status: 402, times: n }] });
    const { error } = await play(world, {
      model: [
        world.wavespeed('seedream-4'),
        refusedEarly(world, 7),
        ...(n > 1 ? [refusedEarly(world, 8)] : []),
        world.wavespeed('seedream-4.5'),
      ],
      n,
      maxCost: { USD: 0.03 },
    });
    expect(charged(world)).toBe(0);
    expect(error).toMatchObject({ code: 'insufficient_credit', billed: 'no' });
    expect(error?.attempts?.at(-1)).toMatchObject({
      modelId: 'seedream-4.5',
      code: 'unsupported',
      reason: expect.stringContaining('maxCost'),
    });
  });

  test('an attempt whose outcome is unknown keeps its price when the next model is refused', async () => {
    const world = createWorld({ faults: [{ on: 'submit', host: 'wavespeed', reset: 'after' }] });
    const { error } = await play(world, {
      model: [world.wavespeed('seedream-4'), refusedEarly(world, 7), world.wavespeed('seedream-4')],
      ...{ maxCost: { USD: 0.03 }, onAmbiguous: 'proceed' },
    });
    expect(error).toMatchObject({ code: 'submission_unknown', billed: 'unknown' });
    expect(world.emulator.charges()).toHaveLength(1);
  });

  test('for two of three pictures two are made, and the third says that nothing was spent', async () => {
    const world = createWorld();
    const model = world.model('wavespeed');
    const { images, failures } = await inVirtualTime(() =>
      generateImage({ model, prompt: 'a pier', n: 3, maxCost: { USD: 0.06 } }),
    );
    expect(images).toHaveLength(2);
    expect(failures).toMatchObject([{ reason: 'over_budget', billed: 'no' }]);
    expect(world.emulator.charges()).toHaveLength(2);
  });
});

describe('D15: a route of fifty models', () => {
  test('of which only the last is not refused asks each once and pays once', async () => {
    const models = 50;
    const world = createWorld({ faults: [{ on: 'submit', host: 'wavespeed', status: 402, times: models - 1 }] });
    const { images, attempts, charges } = await play(world, {
      model: Array.from({ length: models }, () => world.model('wavespeed')),
    });
    expect(images).toBe(1);
    expect(attempts).toHaveLength(models);
    expect(world.submits()).toBe(models);
    expect(charges).toHaveLength(1);
  });
});
