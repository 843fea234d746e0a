import { describe, expect, test } from 'vitest';
import type { Adapter } from '../../src/contract/adapter.ts';
import { type AdapterFixtures, testAdapter } from '../../src/testing/test-adapter.ts';
import { families, quote, studioAdapter } from './kit.ts';

const image = 'https://fake.example/lighthouse.png';
const job = { provider: 'fake', modelId: 'paint', id: 'grid-1' };
const adapter = studioAdapter({ quote });

const fixtures: AdapterFixtures = {
  requests: [
    {
      model: 'paint',
      options: { prompt: 'a fox', seed: 7 },
      expected: { method: 'POST', path: '/studio/paint', body: { seed: 7, prompt: 'a fox' } },
    },
    {
      model: 'larger',
      options: { task: 'upscale', image, scale: 2 },
      expected: { method: 'POST', path: '/studio/larger', body: { image, by: 2, prompt: '' } },
    },
    {
      model: 'cut',
      options: { task: 'remove-background', image },
      expected: { method: 'POST', path: '/studio/cut', body: { image, prompt: '' } },
    },
    {
      model: 'paint',
      options: { task: 'vary', job, action: 'pan' },
      expected: { method: 'POST', path: '/studio/again', body: { parent: 'grid-1', action: 'pan', prompt: '' } },
    },
  ],
  answers: [
    {
      name: 'a picture',
      body: { id: '1', done: true },
      expected: { id: '1', state: 'completed', outputs: [{ url: 'https://fake.example/1.png' }] },
    },
    { name: 'a failure', body: { id: '1', error: 'boom' }, expected: { id: '1', state: 'failed', message: 'boom' } },
    { name: 'a job under way', body: { id: '1' }, expected: { id: '1', state: 'processing' } },
    { name: 'a refusal', body: { error: 'no money' }, expected: { message: 'no money' } },
  ],
  quotes: [
    { name: 'a price', body: { price: 0.04 }, expected: { amount: 0.04, currency: 'USD', source: 'quoted' } },
    { name: 'a price that is not told', body: { price: null }, expected: undefined },
  ],
};

const failing = (given: Adapter, facts = fixtures): string[] =>
  testAdapter(given, facts).flatMap(({ name, run }) => {
    try {
      run();
      return [];
    } catch {
      return [name];
    }
  });

test('an adapter with every verb and with quotes passes', () => expect(failing(adapter)).toEqual([]));

describe('an adapter is caught that', () => {
  const parse = (change: (body: unknown) => ReturnType<typeof quote.parse>): Partial<Adapter> => ({
    quote: { ...quote, parse: change },
  });
  const asks = (path: string): Partial<Adapter> => ({
    quote: { ...quote, toRequest: () => ({ method: 'POST', path }) },
  });

  test.each<[string, Partial<Adapter>, string]>([
    ['asks for prices elsewhere', asks('//prices.example/'), 'prices inside its own host'],
    ['asks for prices with the key', asks('/a-key-that-must-not-travel-in-the-open'), 'carries the key'],
    [
      'finds a price in nonsense',
      parse(() => ({ amount: 1, currency: 'USD', source: 'quoted' })),
      'no price in nonsense',
    ],
    [
      'takes a list price for a quote',
      parse(() => ({ amount: 1, currency: 'USD', source: 'listed' })),
      'reads a price',
    ],
    [
      'reckons with a price that is none',
      parse((body) => quote.parse({ price: (body as { price: number }).price })),
      'nonsense',
    ],
    ['overlooks a price', parse(() => undefined), 'reads a price'],
    ['has an upscaler twice', { families: [...families, ...families.slice(1, 2)] }, 'every native id once'],
  ])('%s', (_, change, check) => {
    expect(failing({ ...adapter, ...change }).join()).toContain(check);
  });

  test('has no recorded quote', () => {
    expect(failing(adapter, { ...fixtures, quotes: [] })).toEqual(['fake: has a recorded quote']);
  });
});
