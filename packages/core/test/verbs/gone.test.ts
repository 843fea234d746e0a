import { describe, expect, test } from 'vitest';
import {
  advanceImage,
  beginImage,
  createMemoryLedger,
  generateImage,
  type ImageEvent,
  type ImageModel,
  type RouteOption,
  resumeImages,
  submitImage,
} from '../../src/index.ts';
import { cheapest } from '../../src/order/index.ts';
import { addCosts } from '../../src/picture/result.ts';
import { inVirtualTime } from '../world.ts';
import { createStudio, families } from './kit.ts';

const prompt = 'a lighthouse';
const dropped = "fake:studio/old-paint was last in the host's list on 2026-03-13 and not on 2026-06-12";

describe('a model that the list of its host has dropped', () => {
  test.each<[string, (id: (name: string) => ImageModel) => RouteOption]>([
    ['alone', (id) => id('old-paint')],
    ['the last of a route', (id) => [id('nowhere'), id('old-paint')]],
  ])('is asked where it is %s, with a warning before the submit', async (_, toRoute) => {
    const studio = createStudio();
    const events: ImageEvent[] = [];
    const onEvent = (event: ImageEvent): void => void events.push(event);
    const model = toRoute(studio.model);
    const { warnings } = await inVirtualTime(() => generateImage({ model, prompt, onEvent }));
    expect(warnings).toEqual([dropped]);
    const types = events.map(({ type }) => type);
    expect(types.filter((type) => type === 'warning' || type === 'submitting')).toEqual(['warning', 'submitting']);
    expect(studio.submits).toMatchObject([['/studio/old-paint', {}]]);
  });

  test('is passed over where the route names another model after it', async () => {
    const studio = createStudio();
    const model = [studio.model('old-paint'), studio.model('paint')];
    const { attempts, warnings, applied } = await inVirtualTime(() => generateImage({ model, prompt }));
    expect(attempts).toMatchObject([
      { modelId: 'old-paint', outcome: 'refused', code: 'not_found', billed: 'no', submits: 0 },
      { modelId: 'paint', outcome: 'completed' },
    ]);
    expect(attempts[0]?.reason).toContain("was last in the host's list on 2026-03-13");
    expect(warnings).toEqual([]);
    expect(applied.model).toBe('studio/paint');
  });

  test.each(['old-paint', 'cut'])(
    '%s is passed over in one step of advanceImage, as what was not asked stands nowhere',
    async (id) => {
      const studio = createStudio();
      const ledger = createMemoryLedger();
      const models = [studio.model(id), studio.model('paint')];
      const step = await inVirtualTime(async () => {
        const { intentId } = await beginImage({ model: models, prompt, ledger });
        return advanceImage({ ledger, intentId, models });
      });
      expect(step).toMatchObject({ state: 'waiting', job: { modelId: 'paint' } });
      expect(studio.submits).toHaveLength(1);
    },
  );

  test('is refused at stage prepare when the model after it cannot do it either', async () => {
    const studio = createStudio();
    const model = [studio.model('old-paint'), studio.model('cut')];
    const error = await inVirtualTime(() => generateImage({ model, prompt }).catch((thrown) => thrown));
    expect(error).toMatchObject({ billed: 'no', stage: 'prepare' });
    expect(error.attempts).toMatchObject([{ code: 'not_found' }, { code: 'unsupported' }]);
    expect(studio.submits).toEqual([]);
  });

  test('finishes what it had accepted before, whatever the route of the intent names after it', async () => {
    const listed = families.map((family) => ({ ...family, models: family.models.map(({ gone: _, ...row }) => row) }));
    const studio = createStudio({ families: listed });
    const ledger = createMemoryLedger();
    const model = [studio.model('old-paint'), studio.model('paint')];
    const job = await inVirtualTime(() => submitImage({ model, prompt, ledger }));
    expect(job.modelId).toBe('old-paint');
    // An update of the tables between the two: now the model is gone.
    const resumed = await inVirtualTime(() => resumeImages({ ledger, models: [studio.anew('paint', { families })] }));
    expect(resumed).toMatchObject([{ images: [{ job: { id: job.id } }] }]);
    expect(studio.submits).toMatchObject([['/studio/old-paint', {}]]);
  });

  test('is passed over also where an order has put it first', async () => {
    const studio = createStudio();
    const model = [studio.model('paint'), studio.model('old-paint')];
    const { applied } = await inVirtualTime(() => generateImage({ model, prompt, order: cheapest }));
    expect(applied.model).toBe('studio/paint');
    expect(studio.submits).toHaveLength(1);
  });
});

test('a warning that holds for the model is told once for all pictures', async () => {
  const studio = createStudio();
  const { warnings } = await inVirtualTime(() => generateImage({ model: studio.model('old-paint'), prompt, n: 3 }));
  expect(warnings).toEqual([dropped]);
});

test('fields that no table vouches for are named in a warning before the submit', async () => {
  const studio = createStudio();
  const events: string[] = [];
  const options = { model: studio.model('paint'), prompt, providerOptions: { fake: { tone: 'warm' } } };
  await expect(inVirtualTime(() => generateImage(options))).rejects.toThrow(/no such field.*`unchecked: true`/);
  const { warnings } = await inVirtualTime(() =>
    generateImage({ ...options, unchecked: true, onEvent: ({ type }) => void events.push(type) }),
  );
  expect(warnings).toEqual([expect.stringMatching(/is sent tone unchecked/)]);
  expect(events.indexOf('warning')).toBeLessThan(events.indexOf('submitting'));
});

describe('the cost of a call', () => {
  const listed = (amount: number, asOf?: string) =>
    ({ amount, currency: 'USD', source: 'listed', ...(asOf ? { asOf } : {}) }) as const;
  const quoted = { amount: 1, currency: 'USD', source: 'quoted' } as const;
  const reported = { amount: 1, currency: 'USD', source: 'reported' } as const;

  test.each([
    ['of one list is of its day', [listed(1, '2026-06-12')], listed(1, '2026-06-12')],
    [
      'of lists of several days is of the earliest',
      [listed(1, '2026-06-12'), listed(1, '2026-03-13')],
      listed(2, '2026-03-13'),
    ],
    ['is of no day where one of the prices is of none', [listed(1, '2026-06-12'), listed(1)], listed(2)],
    ['is listed where a part of it is', [reported, quoted, listed(1, '2026-06-12')], listed(3, '2026-06-12')],
    ['is quoted where a part of it is', [reported, quoted], { ...quoted, amount: 2 }],
    ['is reported where all of it is', [reported, reported], { ...reported, amount: 2 }],
    ['is unknown where a part of it is', [reported, { source: 'unknown' }], { source: 'unknown' }],
    ['is unknown where currencies differ', [reported, { ...reported, currency: 'credit' }], { source: 'unknown' }],
  ] as const)('%s', (_, costs, sum) => expect(addCosts(costs)).toEqual(sum));

  test('names the day of the list in the result', async () => {
    const studio = createStudio();
    const { cost } = await inVirtualTime(() => generateImage({ model: studio.model('paint'), prompt, n: 2 }));
    expect(cost).toEqual(listed(0.04, '2026-06-12'));
  });
});
