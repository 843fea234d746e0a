import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseList } from '../src/list.ts';
import { parse } from '../src/parse.ts';

const id = 'e6832d4abffb4d79bfbca19783fca133';
const url = 'https://d2p7pge43lyniu.cloudfront.net/output/a.jpeg';
const prediction = {
  id,
  model: 'bytedance/dreamina-v3.1/text-to-image',
  outputs: [url],
  urls: { get: `https://api.wavespeed.ai/api/v3/predictions/${id}/result` },
  has_nsfw_contents: [false],
  status: 'completed',
  created_at: '2023-04-01T12:34:56.789Z',
  error: '',
  timings: { inference: 6512 },
};
const wrap = (data: unknown, code = 200): unknown => ({
  code,
  message: code === 200 ? 'success' : 'not so good',
  data,
});
const task = (more: object): unknown => wrap({ ...prediction, outputs: [], has_nsfw_contents: [], ...more });

describe('every response field of the pages', () => {
  test('a finished prediction is read whole', () => {
    expect(parse(wrap(prediction))).toEqual({
      id,
      state: 'completed',
      nativeStatus: 'completed',
      code: 200,
      outputs: [{ url, flagged: false }],
      inference: 6512,
      createdAt: '2023-04-01T12:34:56.789Z',
    });
  });

  test('the same without an envelope, as webhooks send it, with the inputs', () => {
    expect(parse({ ...prediction, has_nsfw_contents: null, executionTime: 7000, input: { prompt: 'x' } })).toEqual({
      id,
      state: 'completed',
      nativeStatus: 'completed',
      outputs: [{ url }],
      inference: 6512,
      createdAt: '2023-04-01T12:34:56.789Z',
      inputs: { prompt: 'x' },
    });
  });

  test('a fresh prediction has no outputs yet', () => {
    expect(parse(task({ status: 'created', timings: {} }))).toEqual({
      id,
      state: 'queued',
      nativeStatus: 'created',
      code: 200,
      outputs: [],
      createdAt: '2023-04-01T12:34:56.789Z',
    });
  });

  test.each([
    ['code', wrap(prediction, 200), { code: 200 }],
    ['message', { code: 400, message: 'bad size' }, { code: 400, message: 'bad size' }],
    ['data.error', task({ status: 'failed', error: 'boom' }), { message: 'boom' }],
    ['data.timings.inference', task({ timings: { inference: 12 } }), { inference: 12 }],
    ['executionTime in its place', task({ timings: undefined, executionTime: 13 }), { inference: 13 }],
    [
      'data.urls.get, when the id itself is missing',
      task({ id: undefined, status: 'processing' }),
      { id, state: 'processing' },
    ],
  ])('reads %s', (_, body, part) => {
    expect(parse(body)).toMatchObject(part);
  });
});

describe('states', () => {
  test.each([
    ['created', 'queued'],
    ['pending', 'queued'],
    ['processing', 'processing'],
    ['completed', 'completed'],
    ['failed', 'failed'],
    ['cancelled', 'failed'],
    ['timeout', 'failed'],
    ['deleted', 'failed'],
    ['streaming', 'unrecognised'],
    ['', 'unrecognised'],
    ['constructor', 'unrecognised'],
    ['__proto__', 'unrecognised'],
  ])('%s is %s', (status, state) => {
    expect(parse(task({ status }))).toMatchObject({ id, state, nativeStatus: status });
  });

  test('a missing status is not understood, and the id is kept', () => {
    expect(parse(wrap({ id }))).toEqual({ id, state: 'unrecognised', code: 200, outputs: [] });
  });
});

describe('failed jobs', () => {
  test.each([
    ['the code of moderation', { code: 1200, error: 'no' }, 'moderated'],
    ['the words of moderation', { error: 'Content flagged as potentially sensitive' }, 'moderated'],
    ['the words of moderation beside code 0', { code: 0, error: 'NSFW content detected' }, 'moderated'],
    ['a missing parameter', { code: 1400, error: 'prompt required' }, 'invalid_request'],
    ['a bad parameter', { code: 1401, error: 'bad size' }, 'invalid_request'],
    ['a picture that could not be fetched', { code: 1402, error: 'cannot fetch' }, 'invalid_request'],
    ['a failed execution', { code: 1403, error: 'failed' }, 'job_failed'],
    ['a failed task', { code: 1405, error: 'failed' }, 'job_failed'],
    ['an internal error', { code: 5000, error: 'oops' }, 'job_failed'],
    ['a timeout of the task itself', { code: 5004, error: 'task timeout' }, 'job_failed'],
    ['no reason at all', {}, 'job_failed'],
  ])('%s', (_, more, failure) => {
    expect(parse(task({ status: 'failed', ...more }))).toMatchObject({ state: 'failed', failure, refund: 'pending' });
  });

  test.each([
    ['failed', 'pending'],
    ['TIMEOUT', 'pending'],
    ['cancelled', 'unknown'],
    ['deleted', 'unknown'],
  ])('a refund of a task that is %s is %s, as far as the pages say', (status, refund) => {
    expect(parse(task({ status }))).toMatchObject({ state: 'failed', refund });
  });

  test('completed, withheld as unsafe and without a picture is a moderated job that was paid', () => {
    const body = task({ status: 'completed', has_nsfw_contents: [true] });
    expect(parse(body)).toMatchObject({ id, state: 'failed', failure: 'moderated', refund: 'none', outputs: [] });
  });

  test('completed without a picture and without a reason stays completed: the engine polls again', () => {
    expect(parse(task({ status: 'completed' }))).toMatchObject({ state: 'completed', outputs: [] });
  });
});

describe('a synchronous wait that ended early goes on as a job', () => {
  const text = `Sync mode timed out. Prediction ID: ${id}. Query the result later at: https://api.wavespeed.ai/api/v3/predictions/${id}/result`;

  test.each([
    ['as its page shows', task({ status: 'processing', code: 5004, error: 'Sync mode timed out after 60s' })],
    ['with a failed status', task({ status: 'failed', code: 5004, error: 'Sync mode timed out after 60s' })],
    ['with the id only in the message', { code: 504, message: text }],
    ['with the id only in the message, and null data', { code: 5004, message: text, data: null }],
    ['with the id only in the address', { code: 504, message: text.replace(/Prediction ID: \w+\./, '') }],
    ['as mere text', text],
    ['with the id only in the error', { error: text }],
  ])('%s', (_, body) => {
    expect(parse(body)).toMatchObject({ id, state: 'processing' });
    expect(parse(body)).not.toHaveProperty('refund');
  });

  test('an id in any other message is not a job', () => {
    expect(parse({ code: 404, message: `Prediction ID: ${id} not found` })).not.toHaveProperty('id');
  });
});

describe('an id that stands elsewhere than documented', () => {
  const shapes: [string, (named: object) => unknown][] = [
    ['data in data', (named) => wrap({ data: named })],
    ['a prediction', (named) => ({ prediction: named })],
    ['a prediction in data', (named) => wrap({ prediction: named })],
    ['a task without an envelope code', (named) => ({ code: 0, task: named })],
    ['a result three levels down', (named) => wrap({ data: { result: named } })],
  ];
  test.each(shapes)('is found in %s of a success', (_, shape) => {
    const body = shape({ id, status: 'created' });
    expect(parse(body)).toMatchObject({ id, state: 'queued' });
    expect(parse(body, { purpose: 'submit', status: 202 })).toMatchObject({ id, state: 'queued' });
    expect(parse(shape({ jobId: id }))).toMatchObject({ id, state: 'unrecognised' });
  });

  test('is found as jobId in the documented place', () => {
    expect(parse(wrap({ jobId: id }))).toMatchObject({ id, state: 'unrecognised' });
  });

  test.each(shapes)('is not believed in %s of an error', (_, shape) => {
    expect(parse(shape({ id, status: 'created' }), { purpose: 'submit', status: 500 })).not.toHaveProperty('id');
    expect(parse({ ...(shape({ id }) as object), code: 503 })).not.toHaveProperty('id');
  });

  test.each([
    ['a request id', wrap({ request_id: id })],
    ['an id of something else', wrap({ user: { id }, meta: { jobId: id } })],
    ['four levels down', wrap({ data: { data: { data: { id } } } })],
    ['in a list', wrap([{ id }])],
  ])('is not guessed from %s', (_, body) => {
    expect(parse(body)).not.toHaveProperty('id');
  });

  test('yields to the documented place', () => {
    expect(parse(wrap({ id, data: { id: 'another' } }))).toMatchObject({ id });
  });
});

describe('outputs', () => {
  test.each([
    ['addresses', [url, url], null, [{ url }, { url }]],
    ['objects with an address', [{ url, type: 'image' }], [], [{ url }]],
    ['naked base64', ['iVBORw0KGgo='], [false], [{ base64: 'iVBORw0KGgo=', flagged: false }]],
    ['data URLs', ['data:image/png;base64,iVBO'], [], [{ base64: 'data:image/png;base64,iVBO' }]],
    [
      'flags by place',
      [url, 'AAAA'],
      [false, true],
      [
        { url, flagged: false },
        { base64: 'AAAA', flagged: true },
      ],
    ],
    ['fewer flags than pictures', [url, url], [true], [{ url, flagged: true }, { url }]],
    ['flags that are no booleans', [url], ['yes'], [{ url }]],
    ['holes, keeping the places of the flags', [null, url], [true, false], [{ url, flagged: false }]],
    ['a single address, as one table has it', url, [], [{ url }]],
    ['null', null, null, []],
    ['nothing', undefined, undefined, []],
    ['things of other kinds', [1, true, {}, [], { url: 5 }, ''], [], []],
  ])('%s', (_, outputs, has_nsfw_contents, expected) => {
    expect(parse(wrap({ ...prediction, outputs, has_nsfw_contents })).outputs).toEqual(expected);
  });
});

describe('refusals', () => {
  test.each([
    [
      'code and message',
      { code: 401, message: 'invalid authentication' },
      { code: 401, message: 'invalid authentication' },
    ],
    [
      'an error code beside them',
      { code: 403, message: 'insufficient role', error_code: 'role_too_weak' },
      { code: 403, message: 'insufficient role [role_too_weak]' },
    ],
    ['null data', { code: 429, message: 'slow', data: null }, { code: 429, message: 'slow' }],
    ['an error text', { error: 'base64 with webhook' }, { message: 'base64 with webhook' }],
    ['an error object', { error: { message: 'no' } }, { message: 'no' }],
    ['a detail text', { detail: 'Not Found' }, { message: 'Not Found' }],
    ['a detail list with msg', { detail: [{ msg: 'a' }, { msg: 'b' }] }, { message: 'a; b' }],
    ['a detail list with message', { detail: [{ message: 'a' }] }, { message: 'a' }],
    ['an errors list', { errors: [{ message: 'a' }, { message: 'b' }] }, { message: 'a; b' }],
    ['text of a gateway', 'upstream timed out', { message: 'upstream timed out' }],
    ['HTML of a gateway', '<html><h1>502 Bad\nGateway</h1></html>', { message: '502 Bad Gateway' }],
    ['an error inside data', { code: 500, message: '', data: { error: 'inner' } }, { code: 500, message: 'inner' }],
    ['nothing', '', {}],
    ['an envelope without a job', { code: 200, message: 'success', data: {} }, { code: 200 }],
  ])('%s', (_, body, expected) => {
    expect(parse(body)).toEqual({ state: 'unrecognised', outputs: [], ...expected });
  });

  test('a moderated submit is recognised', () => {
    expect(parse({ code: 400, message: 'prompt violates content policy' })).toMatchObject({ failure: 'moderated' });
  });

  test('an id wins over the code of the envelope', () => {
    expect(parse(wrap({ id, status: 'created' }, 500))).toEqual({
      id,
      state: 'queued',
      nativeStatus: 'created',
      code: 500,
      message: 'not so good',
      outputs: [],
    });
  });

  test('long texts are cut', () => {
    const long = 'x '.repeat(1e6);
    expect(parse({ message: long }).message?.length).toBeLessThanOrEqual(4000);
    expect(parse(task({ status: 'failed', error: long })).message?.length).toBeLessThanOrEqual(4000);
  });
});

describe('is total', () => {
  const deep = (open: string, middle: string, close: string): unknown =>
    JSON.parse(open.repeat(5000) + middle + close.repeat(5000));
  let nested: unknown = null;
  for (let depth = 0; depth < 1e6; depth += 1)
    nested = depth % 2 ? [nested] : { data: nested, id: nested, outputs: nested };

  test.each([
    ['null', null],
    ['undefined', undefined],
    ['a number', 5],
    ['an array', [[], {}]],
    ['wrong types', { code: 'x', data: { id: 5, status: {}, outputs: 7, urls: 'x', timings: [], input: 'x' } }],
    ['prototype keys', JSON.parse('{"__proto__":{"id":"x"},"constructor":{"id":"y"},"data":{"__proto__":{"id":"z"}}}')],
    ['deep arrays', deep('[', '', ']')],
    ['deep objects', deep('{"data":', 'null', '}')],
    ['a million levels', nested],
    ['ids that could leave the path', { id: '..', status: 'created' }],
    ['ids that cannot be sent', { id: '\ud800', status: 'created' }],
  ])('%s', (_, body) => {
    expect(parse(body)).toMatchObject({ state: 'unrecognised', outputs: [] });
    expect(parse(body)).not.toHaveProperty('id');
    expect(() => parseList(body)).not.toThrow();
  });

  const strange = fc.anything({ withNullPrototype: true, withSparseArray: true });
  const names = ['code', 'message', 'data', 'id', 'status', 'outputs', 'has_nsfw_contents', 'error', 'detail', 'items'];
  const likely = fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.jsonValue(), strange));

  test('whatever comes, the answer is a snapshot', () => {
    const bodies = fc.oneof(
      fc.jsonValue(),
      strange,
      likely,
      likely.map((data) => ({ code: 200, data })),
    );
    fc.assert(
      fc.property(bodies, (body) => {
        expect(Array.isArray(parse(body).outputs)).toBe(true);
        expect(Array.isArray(parseList(body))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
