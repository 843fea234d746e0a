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

test('the real adapter keeps every promise', () => expect(failing(adapter)).toEqual([]));

test('every check has a name of its own, with the adapter in it', () => {
  const names = testAdapter(adapter, fixtures).map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^wavespeed: /);
});

const [first] = adapter.families;
const models = adapter.families.flatMap((family) => family.models);
const parse = (change: (snapshot: JobSnapshot, answer: unknown) => JobSnapshot): Partial<Adapter> => ({
  parse: (answer) => change(adapter.parse(answer), answer),
});
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
          ...adapter.list,
          parse: () => {
            throw new Error('x');
          },
        } as NonNullable<Adapter['list']>,
      },
      '',
    ],
    [
      'takes every listed job for its own',
      { list: { ...adapter.list, isSame: () => true } as NonNullable<Adapter['list']> },
      '',
    ],
  ])('%s', (_, change, check) => {
    calls = 0;
    const without = new Set(failing(adapter));
    const names = failing({ ...adapter, ...change }).filter((name) => !without.has(name));
    expect(names).not.toEqual([]);
    expect(names.join('\n')).toContain(check);
  });
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
