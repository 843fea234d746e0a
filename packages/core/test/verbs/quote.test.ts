import { describe, expect, test } from 'vitest';
import { checkImage, generateImage, generateImages, type ImageEvent, upscaleImage } from '../../src/index.ts';
import { inVirtualTime } from '../world.ts';
import { createStudio } from './kit.ts';

const image = 'https://fake.example/lighthouse.png';
const prompt = 'a lighthouse';
const refusal = (error: unknown) => error;

describe("quote: 'live'", () => {
  test('asks for the price of the very request before money is set aside, and the cost says so', async () => {
    const studio = createStudio({ pricing: ({ by }) => 0.1 * Number(by) });
    const call = { model: studio.model('larger'), image, quote: 'live' } as const;
    const dear = await inVirtualTime(() => upscaleImage({ ...call, scale: 4, maxCost: { USD: 0.3 } }).catch(refusal));
    expect(dear).toMatchObject({ reason: 'over_budget', billed: 'no' });
    expect((dear as Error).message).toContain('it costs 0.4 USD and 0.3 of `maxCost` is left');
    expect(studio.submits).toEqual([]);
    const { cost, warnings } = await inVirtualTime(() => upscaleImage({ ...call, scale: 2, maxCost: { USD: 0.3 } }));
    expect(cost).toEqual({ amount: 0.2, currency: 'USD', source: 'quoted' });
    expect(warnings).toEqual([]);
    expect(studio.quotes).toMatchObject([{ model: 'studio/larger', by: 4 }, { by: 2 }]);
  });

  test('lets a model be asked whose price is in no list, which otherwise stays refused', async () => {
    const studio = createStudio({ pricing: () => 0.05 });
    const call = { model: studio.model('unlisted'), prompt, maxCost: { USD: 0.06 } };
    const unlisted = await inVirtualTime(() => generateImage(call).catch(refusal));
    expect(unlisted).toMatchObject({ reason: 'over_budget', message: expect.stringMatching(/is not listed/) });
    expect(studio.quotes).toEqual([]);
    const { cost } = await inVirtualTime(() => generateImage({ ...call, quote: 'live' }));
    expect(cost).toEqual({ amount: 0.05, currency: 'USD', source: 'quoted' });
    const none = createStudio();
    const still = await inVirtualTime(() =>
      generateImage({ ...call, model: none.model('unlisted'), quote: 'live' }).catch(refusal),
    );
    expect(still).toMatchObject({ reason: 'over_budget' });
    expect(none.submits).toEqual([]);
  });

  test.each([
    ['down', /fake did not say what studio\/paint costs \(HTTP 503.*\), so the listed 0.02 counts/],
    ['nonsense', /its answer names no price/],
    ['silence', /no answer/],
  ] as const)('goes by the listed price when the host is %s, and says so before the submit', async (how, words) => {
    const studio = createStudio({ pricing: () => how });
    const events: ImageEvent[] = [];
    const onEvent = (event: ImageEvent): void => void events.push(event);
    const call = { model: studio.model('paint'), prompt, quote: 'live', maxCost: { USD: 0.03 }, onEvent } as const;
    const { cost, warnings } = await inVirtualTime(() => generateImage(call));
    expect(cost).toMatchObject({ amount: 0.02, source: 'listed' });
    expect(warnings).toEqual([expect.stringMatching(words)]);
    const types = events.map(({ type }) => type);
    expect(types.indexOf('warning')).toBeLessThan(types.indexOf('submitting'));
    const unlisted = generateImage.bind(undefined, { ...call, model: studio.model('unlisted') });
    expect(await inVirtualTime(() => unlisted().catch(refusal))).toMatchObject({ reason: 'over_budget' });
  });

  test('ends by the deadline of the call, and with its abort', async () => {
    const studio = createStudio({ pricing: () => 'silence' });
    const call = { model: studio.model('paint'), prompt, quote: 'live', timeout: 2_000 } as const;
    const late = await inVirtualTime(() => generateImage(call).catch(refusal));
    expect(late).toMatchObject({ code: 'timeout', billed: 'no' });
    const controller = new AbortController();
    const own = new Error('enough');
    const ended = await inVirtualTime(() => {
      setTimeout(() => controller.abort(own), 500);
      return generateImage({ ...call, signal: controller.signal }).catch(refusal);
    });
    expect(ended).toBe(own);
    expect(studio.submits).toEqual([]);
  });

  test('holds for all pictures of a call, each at its own price', async () => {
    const studio = createStudio({ pricing: () => 0.05 });
    const call = { model: studio.model('paint'), prompt, n: 3, quote: 'live', maxCost: { USD: 0.11 } } as const;
    const result = await inVirtualTime(() => generateImage(call));
    expect(result.images).toHaveLength(2);
    expect(result.failures).toMatchObject([{ reason: 'over_budget' }]);
  });

  test('holds in a batch, also for what is not listed', async () => {
    const studio = createStudio({ pricing: () => 0.05 });
    const common = { model: studio.model('unlisted'), quote: 'live', maxCost: { USD: 0.11 } } as const;
    const outcomes = await inVirtualTime(async () => {
      const ends = [];
      for await (const end of generateImages([{ prompt }, { prompt }, { prompt }], common)) ends.push(end);
      return ends.map(({ outcome, error }) => error?.reason ?? outcome);
    });
    expect(outcomes.sort()).toEqual(['completed', 'completed', 'over_budget']);
    expect(studio.submits).toHaveLength(2);
  });

  test('puts the price of the host into a check, or the listed one with a warning', async () => {
    const studio = createStudio({ pricing: ({ model }) => (model === 'studio/paint' ? 0.07 : 'down') });
    const model = [studio.model('paint'), studio.model('old-paint'), studio.model('larger')];
    const [own, down, refused] = await inVirtualTime(() => checkImage({ model, prompt, quote: 'live' }));
    expect(own).toMatchObject({ price: { amount: 0.07, source: 'quoted' }, warnings: [] });
    expect(down).toMatchObject({ price: { amount: 0.01, source: 'listed' } });
    expect(down?.warnings.at(-1)).toMatch(/so the listed 0.01 counts/);
    expect(refused).toMatchObject({ verdict: 'refused', price: { source: 'unknown' } });
    expect(studio.quotes).toHaveLength(2);
    const silent = createStudio({ pricing: () => 'silence' });
    const late = await inVirtualTime(() =>
      checkImage({ model: silent.model('paint'), prompt, quote: 'live', timeout: 1_000 }),
    );
    expect(late).toMatchObject([
      { price: { amount: 0.02 }, warnings: [expect.stringMatching(/no answer came in time/)] },
    ]);
    const listed = await checkImage({ model, prompt });
    expect(listed[0]).toMatchObject({ price: { amount: 0.02, source: 'listed' } });
  });
});
