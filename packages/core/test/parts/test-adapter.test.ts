import { wavespeedAdapter } from '@imageport/wavespeed';
import { describe, expect, test } from 'vitest';
import type { Adapter, JobSnapshot } from '../../src/contract/adapter.ts';
import { type AdapterFixtures, testAdapter } from '../../src/testing/test-adapter.ts';

const adapter: Adapter = wavespeedAdapter;
const url = 'https://cdn.example.com/a.png';
const body = (status: string, more: object = {}) => ({
  code: 200,
  message: 'success',
  data: { id: 'abc', status, ...more },
});

function billing(...types: string[]): unknown {
  const items = types.map((billing_type) => ({
    ...{ billing_type, price: 0.027 },
    prediction: { uuid: 'abc', status: 'failed' },
  }));
  return { code: 200, data: { page: 1, total: items.length, items } };
}

const quoted = (amount: number) => ({ amount, currency: 'USD', source: 'quoted' }) as const;

const fixtures: AdapterFixtures = {
  requests: [
    {
      model: 'seedream-4',
      options: { prompt: 'x', size: '2048*2048' },
      expected: { method: 'POST', path: '/api/v3/bytedance/seedream-v4', body: { prompt: 'x', size: '2048*2048' } },
    },
  ],
  answers: [
    {
      name: 'a picture',
      body: body('completed', { outputs: [url] }),
      expected: { id: 'abc', state: 'completed', outputs: [{ url }] },
    },
    {
      name: 'a failure',
      body: body('failed', { error: 'boom' }),
      expected: { id: 'abc', state: 'failed', message: 'boom' },
    },
    { name: 'a job under way', body: body('processing'), expected: { id: 'abc', state: 'processing', outputs: [] } },
    {
      name: 'a refusal',
      body: { code: 402, message: 'no money' },
      expected: { message: 'no money', state: 'unrecognised' },
    },
    {
      name: 'a wrapped job',
      body: body('created', { id: undefined, data: { id: 'abc' } }),
      context: { purpose: 'submit', status: 200 },
      expected: { id: 'abc' },
    },
  ],
  polls: [{ jobId: 'abc', expected: { method: 'GET', path: '/api/v3/predictions/abc/result' } }],
  pages: [
    {
      name: 'a page',
      body: {
        code: 200,
        data: {
          page: 1,
          total: 9,
          items: [
            { id: 'abc', status: 'created', input: { prompt: 'x', size: '2048*2048' } },
            { id: 'b', status: 'created', input: { prompt: 'y', size: '2048*2048' } },
          ],
        },
      },
      same: [true, false],
      next: '2',
    },
  ],
  quotes: [{ name: 'a price', body: { code: 200, data: { price: 0.09 } }, expected: quoted(0.09) }],
  refunds: [
    { name: 'a refund', jobId: 'abc', body: billing('deduct', 'refund'), expected: 'done' },
    { name: 'a charge', jobId: 'abc', body: billing('deduct'), expected: 'pending' },
  ],
};

const seeded: AdapterFixtures = {
  ...fixtures,
  requests: [
    {
      model: 'dreamina-3.1',
      options: { prompt: 'x', seed: 7 },
      expected: {
        method: 'POST',
        path: '/api/v3/bytedance/dreamina-v3.1/text-to-image',
        body: { prompt: 'x', seed: 7 },
      },
    },
  ],
  pages: [
    {
      name: 'a page',
      body: { code: 200, data: { page: 1, total: 1, items: [{ id: 'abc', input: { prompt: 'x', seed: 7 } }] } },
      same: [true],
    },
  ],
};

function failing(subject: Adapter, facts: AdapterFixtures = fixtures): string[] {
  return testAdapter(subject, facts).flatMap(({ name, run }) => {
    try {
      run();
      return [];
    } catch {
      return [name];
    }
  });
}

test.each([fixtures, seeded])('the real adapter keeps every promise', (facts) => {
  expect(failing(adapter, facts)).toEqual([]);
});

test('every check has a name of its own, with the adapter in it', () => {
  const names = testAdapter(adapter, fixtures).map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^wavespeed: /);
});

const [first] = adapter.families;
const models = adapter.families.flatMap((family) => family.models);
const parse = (change: (snapshot: JobSnapshot, answer: unknown) => JobSnapshot): Partial<Adapter> => ({
  parse: (answer, context) => change(adapter.parse(answer, context), answer),
});
const { list, refunds } = adapter;
if (!list || !refunds) throw new Error('the real adapter lists its jobs and tells of refunds');
let calls = 0;

describe('a broken copy is caught when it', () => {
  test.each<[string, Partial<Adapter>, string]>([
    ['has a colon in its name', { name: 'wave:speed' }, 'has a name'],
    ['names a plain http address', { baseUrl: 'http://api.wavespeed.ai' }, 'https address'],
    ['ends its address with a slash', { baseUrl: 'https://api.wavespeed.ai/' }, 'https address'],
    ['forgets the key', { authorize: () => ({}) }, 'carries the key'],
    [
      'writes the id unescaped into the path',
      { toPoll: (id) => ({ method: 'GET', path: `/p/${id}` }) },
      'one path segment',
    ],
    ['does not know its own models', { isNativeId: () => false }, 'native ids'],
    ['lists a model twice', { families: first ? [...adapter.families, first] : [] }, 'every native id once'],
    [
      'documents a default that it would refuse',
      {
        families: adapter.families.map((family) => ({
          ...family,
          fields: { seed: { type: 'integer', min: 0, max: 9, default: 10 } } as const,
        })),
      },
      'defaults',
    ],
    [
      'lets unknown fields through to a table',
      { families: [{ models, accepts: {}, fields: { no_such_field: { type: 'integer' } }, toWire: () => ({}) }] },
      'refuses a field',
    ],
    [
      'drops a field',
      { toSubmit: ({ model, prompt }) => ({ method: 'POST', path: `/api/v3/${model}`, body: { prompt } }) },
      'writes request 1',
    ],
    [
      'writes something else every time',
      {
        toSubmit: (native) => ({
          ...adapter.toSubmit(native),
          path: `/api/v3/${native.model}${calls++ > 0 ? '?again' : ''}`,
        }),
      },
      'writes request 1',
    ],
    [
      'changes what it is given',
      { toSubmit: (native) => adapter.toSubmit(Object.assign(native, { prompt: native.prompt })) },
      'writes request 1',
    ],
    [
      'sends the wrong method',
      { toSubmit: (native) => ({ ...adapter.toSubmit(native), method: 'GET' }) },
      'writes request 1',
    ],
    ['loses the id', parse(({ id: _, ...rest }) => rest), 'reads a picture'],
    ['loses the picture', parse((snapshot) => ({ ...snapshot, outputs: [] })), 'reads a picture'],
    ['takes a failure for a picture', parse((snapshot) => ({ ...snapshot, state: 'completed' })), 'reads a failure'],
    ['takes a refusal for a job', parse((snapshot) => ({ id: 'x', ...snapshot })), 'reads a refusal'],
    [
      'finds a job in nonsense',
      parse((snapshot, answer) => (answer ? snapshot : { ...snapshot, id: 'x' })),
      'reads anything',
    ],
    [
      'throws at null',
      { parse: (answer) => adapter.parse({ ...(answer as object), code: (answer as { code: number }).code }) },
      'reads anything',
    ],
    [
      'changes an answer',
      { parse: (answer) => adapter.parse(Object.assign(answer as object, { seen: true })) },
      'reads a picture',
    ],
    ['answers nothing', { parse: () => undefined as unknown as JobSnapshot }, 'reads anything'],
    ['reads the clock', parse((snapshot) => ({ ...snapshot, createdAt: `${calls++}` })), 'reads'],
    [
      'puts the key into a request',
      { probe: { method: 'GET', path: '/balance?key=a-key-that-must-not-travel-in-the-open' } },
      'carries the key',
    ],
    [
      'names another host in its path',
      { toPoll: (id) => ({ method: 'GET', path: `//evil.example/${encodeURIComponent(id)}` }) },
      '',
    ],
    ['polls by POST', { toPoll: (id) => ({ method: 'POST', path: `/p/${encodeURIComponent(id)}` }) }, ''],
    [
      'lets its list throw',
      {
        list: {
          ...list,
          parse: () => {
            throw new Error('x');
          },
        },
      },
      'reads any list',
    ],
    ['takes every listed job for its own', { list: { ...list, isSame: () => true } }, 'stranger'],
    ['knows its own job no more', { list: { ...list, isSame: () => false } }, 'reads a page'],
    ['says "not ours" of what it cannot tell', { list: { ...list, isSame: () => undefined } }, 'reads a page'],
    [
      'says "not ours" of a job without inputs',
      { list: { ...list, isSame: (listed, submitted) => list.isSame(listed, submitted) ?? false } },
      'stranger',
    ],
    ['forgets the next page', { list: { ...list, next: () => undefined } }, 'reads a page'],
    [
      'throws where a page has no number',
      {
        list: {
          ...list,
          next: (page) => `${(page as { data: { page: number } }).data.page + 1}`,
        },
      },
      'reads any list',
    ],
    [
      'writes the cursor unescaped into the path',
      { list: { ...list, toRequest: ({ cursor = '' }) => ({ method: 'GET', path: `/p?cursor=${cursor}` }) } },
      'inside its own host',
    ],
    [
      'turns an id into text that is none',
      parse((snapshot, answer) => ({
        ...snapshot,
        nativeStatus: `${(answer as { data?: { id?: unknown } })?.data?.id}`,
      })),
      'any one member spoiled',
    ],
    [
      'compares inputs of any depth as text',
      {
        list: {
          ...list,
          isSame: (listed, submitted) => JSON.stringify(listed.inputs) === JSON.stringify(submitted.body),
        },
      },
      'pages with any one member spoiled',
    ],
    [
      'reckons with a record that is none',
      {
        refunds: {
          ...refunds,
          parse: (records, id) => {
            const { items } = (records as { data?: { items?: { price: number }[] } } | null)?.data ?? {};
            return items?.every(({ price }) => price > 0) ? refunds.parse(records, id) : 'unknown';
          },
        },
      },
      'refunds with any one member spoiled',
    ],
    ['sees a refund in nonsense', { refunds: { ...refunds, parse: () => 'done' } }, 'no refund in nonsense'],
    ['overlooks a refund', { refunds: { ...refunds, parse: () => 'pending' } }, 'reads a refund'],
    [
      "takes another task's refund for this one's",
      { refunds: { ...refunds, parse: (records) => refunds.parse(records, 'abc') } },
      'reads a refund',
    ],
    [
      'asks for refunds elsewhere',
      { refunds: { ...refunds, toRequest: (id) => ({ method: 'GET', path: `//billing.example/${id}` }) } },
      'refunds inside its own host',
    ],
    [
      'gives the key as a header of its own',
      { toPoll: (id) => ({ ...adapter.toPoll(id), headers: { 'X-Key': 'a-key-that-must-not-travel-in-the-open' } }) },
      'carries the key',
    ],
    [
      'overwrites the header of the key',
      { toPoll: (id) => ({ ...adapter.toPoll(id), headers: { authorization: 'Bearer another' } }) },
      'harmless headers',
    ],
    [
      'breaks a header in two',
      { toPoll: (id) => ({ ...adapter.toPoll(id), headers: { Prefer: 'wait\r\nX-Evil: 1' } }) },
      'harmless headers',
    ],
    [
      'polls by POST after a failure',
      { toPoll: (id, last) => ({ ...adapter.toPoll(id), method: last?.state === 'failed' ? 'POST' : 'GET' }) },
      'one path segment',
    ],
    [
      'polls another address than recorded',
      { toPoll: (id) => ({ method: 'GET', path: `/api/v3/predictions/${encodeURIComponent(id)}` }) },
      'writes poll 1',
    ],
    [
      'looks nowhere but in the body',
      { parse: (answer) => adapter.parse(answer, { purpose: 'poll', status: 500 }) },
      '',
    ],
    [
      'believes what it was asked about to be done',
      parse((snapshot, answer) => (answer === '' ? { ...snapshot, state: 'completed' } : snapshot)),
      'reads anything',
    ],
    [
      'is done and has more to say',
      parse((snapshot) => (snapshot.state === 'completed' ? { ...snapshot, more: true } : snapshot)),
      'reads a picture',
    ],
  ])('%s', (_, change, check) => {
    calls = 0;
    const without = new Set(failing(adapter));
    const names = failing({ ...adapter, ...change }).filter((name) => !without.has(name));
    expect(names).not.toEqual([]);
    expect(names.join('\n')).toContain(check);
  });
});

test('a list that takes a request with another seed for the same is caught', () => {
  const isSame: typeof list.isSame = ({ inputs }, { body }) => inputs && inputs.prompt === body?.prompt;
  const names = failing({ ...adapter, list: { ...list, isSame } }, seeded);
  expect(names).toEqual(['wavespeed: reads a page', 'wavespeed: never takes a request with another seed for the same']);
});

test.each([
  ['pages', 'wavespeed: has a recorded page of its list'],
  ['refunds', 'wavespeed: has a recorded refund'],
  ['quotes', 'wavespeed: has a recorded quote'],
])('fixtures without %s are not enough', (missing, name) => {
  expect(failing(adapter, { ...fixtures, [missing]: [] })).toEqual([name]);
});

test.each(['a picture', 'a failure', 'a job under way', 'a refusal'])(
  'fixtures without %s are not enough',
  (missing) => {
    const answers = fixtures.answers.filter(({ name }) => name !== missing);
    expect(failing(adapter, { ...fixtures, answers })).toHaveLength(1);
  },
);

test('fixtures without a request are not enough', () => {
  expect(failing(adapter, { ...fixtures, requests: [] })).toEqual(['wavespeed: has recorded requests']);
});
