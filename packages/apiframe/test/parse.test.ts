import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, parseList, parseUpload } from '../src/parse.ts';

const id = 'a1b2c3d4-e5f6-7890-abcd-ef1234567890';
const url = `https://cdn2.apiframe.ai/images/${id}-1.png`;
const job = {
  id,
  status: 'COMPLETED',
  model: 'seedream-4',
  progress: 100,
  result: { images: [url] },
  error: null,
  creditCost: 3,
  webhookStatus: 'sent',
  createdAt: '2026-03-15T10:00:00.000Z',
  completedAt: '2026-03-15T10:00:12.000Z',
  input: { model: 'seedream-4', prompt: 'x' },
  expired: false,
};
const cost = { amount: 3, currency: 'credit', source: 'reported' };

describe('every response field', () => {
  test('a finished job is read whole', () => {
    expect(parse(job)).toEqual({
      id,
      state: 'completed',
      nativeStatus: 'COMPLETED',
      outputs: [{ url }],
      progress: 100,
      cost,
      expired: false,
      createdAt: '2026-03-15T10:00:00.000Z',
      inputs: { model: 'seedream-4', prompt: 'x' },
    });
  });

  test('the answer to a submit is a queued job', () => {
    expect(parse({ jobId: id, status: 'QUEUED' })).toEqual({
      id,
      state: 'queued',
      nativeStatus: 'QUEUED',
      outputs: [],
    });
  });

  test.each([
    ['progress', { ...job, status: 'PROCESSING', progress: 40, result: null }, { state: 'processing', progress: 40 }],
    ['error', { ...job, status: 'FAILED', error: 'boom' }, { state: 'failed', message: 'boom' }],
    ['expired', { ...job, expired: true }, { state: 'completed', expired: true }],
    ['creditCost', { ...job, creditCost: 14 }, { cost: { amount: 14, currency: 'credit', source: 'reported' } }],
  ])('reads %s', (_, body, part) => {
    expect(parse(body)).toMatchObject(part);
  });

  test.each([
    ['progress', { ...job, progress: null }],
    ['progress', { ...job, progress: 101 }],
    ['cost', { ...job, creditCost: null }],
    ['cost', { ...job, creditCost: -1 }],
    ['inputs', { ...job, input: null }],
    ['expired', { ...job, expired: undefined }],
    ['message', { ...job, error: '' }],
  ])('leaves out %s when the host does not tell it', (name, body) => {
    expect(parse(body)).not.toHaveProperty(name);
    expect(parse(body)).toMatchObject({ id, state: 'completed', outputs: [{ url }] });
  });
});

describe('states', () => {
  test.each([
    ['QUEUED', 'queued'],
    ['PROCESSING', 'processing'],
    ['COMPLETED', 'completed'],
    ['FAILED', 'failed'],
    ['CANCELLED', 'failed'],
    ['PAUSED', 'unrecognised'],
    ['', 'unrecognised'],
    ['__proto__', 'unrecognised'],
  ])('%s is %s', (status, state) => {
    expect(parse({ ...job, status })).toMatchObject({ id, state, nativeStatus: status });
  });

  test.each(['PROCESSING', 'COMPLETED', 'FAILED'])(
    'a repeated submit that answers %s carries no result: the job is polled',
    (status) => {
      const snapshot = parse({ jobId: id, status });
      expect(snapshot).toEqual({ id, state: 'processing', nativeStatus: status, outputs: [] });
    },
  );
});

describe('webhooks', () => {
  test('completed', () => {
    const body = {
      event: 'completed',
      jobId: id,
      status: 'COMPLETED',
      progress: 100,
      result: { images: [url] },
      model: 'seedream-4',
      creditCost: 3,
      completedAt: '2026-03-15T10:00:12.000Z',
    };
    expect(parse(body)).toEqual({
      id,
      state: 'completed',
      nativeStatus: 'COMPLETED',
      outputs: [{ url }],
      progress: 100,
      cost,
    });
  });

  test('failed', () => {
    const body = { event: 'failed', jobId: id, status: 'FAILED', error: 'No available capacity', model: 'seedream-4' };
    expect(parse(body)).toMatchObject({ id, state: 'failed', failure: 'job_failed', refund: 'unknown' });
  });

  test('progress', () => {
    const body = { event: 'progress', jobId: id, status: 'PROCESSING', progress: 55, model: 'seedream-4' };
    expect(parse(body)).toMatchObject({ id, state: 'processing', progress: 55 });
  });
});

describe('an id that stands elsewhere than documented', () => {
  const shapes: [string, (named: object) => unknown][] = [
    ['data', (named) => ({ data: named })],
    ['data in data', (named) => ({ data: { data: named } })],
    ['a job', (named) => ({ success: true, job: named })],
  ];
  test.each(shapes)('is found in %s of a success', (_, shape) => {
    expect(parse(shape({ jobId: id, status: 'QUEUED' }))).toMatchObject({ id, state: 'queued' });
    expect(parse(shape(job), { purpose: 'poll', status: 200 })).toMatchObject({ id, state: 'completed', cost });
  });

  test.each(shapes)('is not believed in %s of an error', (_, shape) => {
    expect(parse(shape({ jobId: id }), { purpose: 'submit', status: 500 })).not.toHaveProperty('id');
  });

  test.each([
    ['a request id', { data: { requestId: id } }],
    ['a result', { result: { id } }],
    ['five levels down', { data: { data: { data: { data: { id } } } } }],
  ])('is not guessed from %s', (_, body) => {
    expect(parse(body)).not.toHaveProperty('id');
  });

  test('brings the words that stand beside it', () => {
    const body = { data: { id, status: 'FAILED', error: 'content policy violation', creditCost: 0 } };
    expect(parse(body)).toMatchObject({ failure: 'moderated', refund: 'done', message: 'content policy violation' });
  });
});

describe('results', () => {
  test.each([
    ['several pictures', { images: [url, `${url}2`] }, [{ url }, { url: `${url}2` }]],
    ['pictures beside a grid of them', { images: [url], gridUrl: 'https://cdn2.apiframe.ai/grid.png' }, [{ url }]],
    [
      'a bare address',
      'https://cdn.apiframe.ai/results/a1b2c3d4.png',
      [{ url: 'https://cdn.apiframe.ai/results/a1b2c3d4.png' }],
    ],
    ['a bare list', [url], []],
    ['a data URL', { images: ['data:image/png;base64,iVBO'] }, [{ base64: 'data:image/png;base64,iVBO' }]],
    ['things of other kinds', { images: [null, 1, {}, '', 'x'] }, []],
    ['a grid alone', { gridUrl: 'https://cdn2.apiframe.ai/grid.png' }, []],
    ['null', null, []],
    ['nothing', undefined, []],
  ])('%s', (_, result, outputs) => {
    expect(parse({ ...job, result })).toMatchObject({ state: 'completed', outputs });
  });
});

describe('failed jobs', () => {
  test.each([
    [0, 'done'],
    [null, 'unknown'],
    [undefined, 'unknown'],
    [-1, 'unknown'],
    ['0', 'unknown'],
    [3, 'none'],
  ])('a cost of %s means that the refund is %s', (creditCost, refund) => {
    const snapshot = parse({ ...job, status: 'FAILED', result: null, creditCost });
    expect(snapshot).toMatchObject({ state: 'failed', refund, outputs: [] });
    expect(snapshot).not.toHaveProperty('cost');
  });

  test.each([
    ['Provider returned an error: content policy violation', 'moderated'],
    ['Image denied', 'moderated'],
    ['Blocked by image filters', 'moderated'],
    ['NSFW content', 'moderated'],
    ['No available capacity', 'job_failed'],
    [null, 'job_failed'],
  ])('"%s" is %s', (error, failure) => {
    expect(parse({ ...job, status: 'FAILED', error })).toMatchObject({ failure });
  });

  test.each([
    [0, 'done'],
    [3, 'none'],
    [null, 'unknown'],
  ])('a cancelled job with a cost of %s is a failed one with refund %s', (creditCost, refund) => {
    expect(parse({ ...job, status: 'CANCELLED', creditCost })).toMatchObject({ state: 'failed', refund });
  });
});

describe('refusals', () => {
  test.each([
    ['an error', { error: 'Invalid API key' }, 'Invalid API key'],
    [
      'a validation error',
      { error: 'Validation error', details: { 'seedreamParams.width': ['Too big: expected number to be <=4096'] } },
      'Validation error: seedreamParams.width Too big: expected number to be <=4096',
    ],
    ['details of other kinds', { error: 'Validation error', details: { prompt: 5 } }, 'Validation error: prompt'],
    [
      'missing credits',
      { error: 'Insufficient credits', creditsRequired: 3, creditsAvailable: 1 },
      'Insufficient credits: it takes 3, there are 1',
    ],
    ['text of a proxy', 'Bad Gateway', 'Bad Gateway'],
    ['HTML of a proxy', '<html><h1>502 Bad\nGateway</h1></html>', '502 Bad Gateway'],
  ])('%s', (_, body, message) => {
    expect(parse(body)).toEqual({ state: 'unrecognised', outputs: [], message });
  });

  test.each([null, undefined, '', {}, [], { error: 5 }])('%j says nothing', (body) => {
    expect(parse(body)).toEqual({ state: 'unrecognised', outputs: [] });
  });

  test('a moderated submit is recognised', () => {
    expect(parse({ error: 'prompt violates our content policy' })).toMatchObject({ failure: 'moderated' });
  });

  test('long texts are cut', () => {
    const error = 'x '.repeat(1e6);
    expect(parse({ error, details: { [error]: [error] } }).message?.length).toBeLessThanOrEqual(4000);
  });
});

test.each([
  [{ id, url, kind: 'image', contentType: 'image/png', byteSize: 5, expiresAt: '2026-03-15T12:00:00.000Z' }, url],
  [{ url: 'file:///etc/passwd' }, undefined],
  [{ error: 'no' }, undefined],
  [null, undefined],
])('an upload of %j lies at %s', (body, expected) => {
  expect(parseUpload(body)).toBe(expected);
});

describe('is total', () => {
  const deep = (open: string, middle: string, close: string): unknown =>
    JSON.parse(open.repeat(5000) + middle + close.repeat(5000));
  let nested: unknown = null;
  for (let depth = 0; depth < 1e6; depth += 1)
    nested = depth % 2 ? [nested] : { result: nested, id: nested, error: nested };

  test.each([
    ['a number', 5],
    ['an array', [[], {}]],
    ['wrong types', { id: 5, jobId: {}, status: [], progress: 'x', result: 5, error: {}, details: 'x' }],
    ['prototype keys', JSON.parse('{"__proto__":{"id":"x"},"constructor":{"id":"y"}}')],
    ['deep arrays', deep('[', '', ']')],
    ['deep objects', deep('{"result":', 'null', '}')],
    ['a million levels', nested],
    ['ids that could leave the path', { id: '..', status: 'QUEUED' }],
    ['ids that cannot be sent', { jobId: '\ud800', status: 'QUEUED' }],
  ])('%s', (_, body) => {
    expect(parse(body)).toMatchObject({ state: 'unrecognised', outputs: [] });
    expect(parse(body)).not.toHaveProperty('id');
    expect(() => [parseList(body), parseUpload(body)]).not.toThrow();
  });

  const strange = fc.anything({ withNullPrototype: true, withSparseArray: true });
  const names = [
    'id',
    'jobId',
    'status',
    'progress',
    'result',
    'error',
    'details',
    'creditCost',
    'input',
    'jobs',
    'url',
  ];
  const likely = fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.jsonValue(), strange));

  test('whatever comes, the answer is a snapshot', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), strange, likely), (body) => {
        expect(Array.isArray(parse(body).outputs)).toBe(true);
        expect(Array.isArray(parseList(body))).toBe(true);
        expect(() => parseUpload(body)).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });
});
