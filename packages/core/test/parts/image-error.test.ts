import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';
import { describe, expect, test, vi } from 'vitest';
import { networkCode } from '../../src/errors/cause.ts';
import { submitRules } from '../../src/errors/classify.ts';
import { type ErrorCode, errorTraits } from '../../src/errors/error-traits.ts';
import { ImageError, type ImageErrorOptions } from '../../src/errors/image-error.ts';

const canary = 'wsk-canary-0123456789';
const job = { provider: 'wavespeed', modelId: 'seedream-4', id: 'j1', submittedAt: 5 };
const codes = Object.keys(errorTraits) as ErrorCode[];
const make = (more: Partial<ImageErrorOptions> = {}): ImageError =>
  new ImageError({ code: 'unavailable', message: 'it broke', billed: 'no', stage: 'submit', ...more });

// house.md §7: code, retry, fall back, HTTP, exit
test.each<[ErrorCode, boolean, boolean, number, number]>([
  ['invalid_request', false, false, 400, 2],
  ['unsupported', false, true, 400, 2],
  ['unauthenticated', false, true, 401, 3],
  ['insufficient_credit', false, true, 402, 3],
  ['not_found', false, true, 404, 2],
  ['moderated', false, false, 422, 4],
  ['rate_limited', true, true, 429, 5],
  ['job_failed', false, true, 502, 5],
  ['invalid_response', false, true, 502, 5],
  ['unavailable', true, true, 503, 5],
  ['submission_unknown', false, false, 504, 6],
  ['timeout', false, false, 504, 6],
  ['result_expired', false, false, 410, 7],
])('%s stands in the table as in the house', (code, retry, fallback, http, exit) => {
  expect(errorTraits[code]).toMatchObject({ retry, fallback, http, exit });
  expect(errorTraits[code].meaning).not.toBe('');
  expect(errorTraits[code].next).not.toBe('');
});

test('every reason that a submit can end with stands in the table under its code', () => {
  for (const { code, reason } of submitRules) {
    if (reason !== undefined) expect(errorTraits[code].reasons).toContain(reason);
  }
});

test('nobody is told that money was spent without the job', () => {
  expect(make({ billed: 'yes' }).billed).toBe('unknown');
  expect(make({ billed: 'yes', job }).billed).toBe('yes');
  expect(make().with({ billed: 'yes' }).billed).toBe('unknown');
  expect(make({ billed: 'unknown' }).with({ billed: 'yes', job })).toMatchObject({ billed: 'yes', job });
});

test('it is called by its name, whatever the bundler calls the class', () => {
  expect(make().constructor.name).toBe('ImageError');
  expect(inspect(make())).toMatch(/^ImageError: it broke/);
});

test('there are no other codes', () => expect(codes).toHaveLength(13));

describe.each(codes)('%s', (code) => {
  test.each(['no', 'yes', 'unknown'] as const)('billed %s may be repeated only when it is free', (billed) => {
    expect(make({ code, billed }).retryable).toBe(billed === 'no' && errorTraits[code].retry);
  });

  test('can be resumed only when a paid job may still bring a picture', () => {
    const ended = ['moderated', 'job_failed', 'result_expired'].includes(code);
    expect(make({ code, billed: 'yes', job }).resumable).toBe(!ended);
    expect(make({ code, billed: 'yes' }).resumable).toBe(false);
    expect(make({ code, billed: 'unknown', job }).resumable).toBe(false);
    expect(make({ code, billed: 'no', job }).resumable).toBe(false);
  });
});

describe('an ImageError', () => {
  test('is recognised across two copies of the module', async () => {
    vi.resetModules();
    const copy = await import('../../src/errors/image-error.ts');
    expect(copy.ImageError).not.toBe(ImageError);
    const theirs = new copy.ImageError({ code: 'timeout', message: '', billed: 'no', stage: 'poll' });
    expect(theirs instanceof ImageError).toBe(false);
    expect(ImageError.is(theirs)).toBe(true);
    expect(copy.ImageError.is(make())).toBe(true);
  });

  test.each([null, undefined, 'x', 5, {}, [], new Error('x'), { name: 'ImageError', code: 'timeout' }])(
    '%o is none',
    (value) => expect(ImageError.is(value)).toBe(false),
  );

  const full = {
    code: 'timeout',
    billed: 'yes',
    stage: 'poll',
    reason: 'empty_result',
    provider: 'wavespeed',
    model: 'seedream-4',
    job,
    intentId: 'i1',
    requestId: 'r1',
    httpStatus: 503,
    retryAfter: 5,
    candidates: [job],
  } as const;

  test('survives JSON with everything a program needs', () => {
    const read = JSON.parse(JSON.stringify(make({ ...full, cause: new Error(canary) })));
    expect(read).toEqual({
      ...full,
      name: 'ImageError',
      message: 'it broke',
      attempts: [],
      retryable: false,
      resumable: true,
    });
  });

  test('can be cloned and inspected', () => {
    const error = make({ ...full, cause: Object.assign(new Error(canary), { headers: () => canary }) });
    expect(() => structuredClone(error)).not.toThrow();
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(canary);
  });

  test('knows more by `with`, and keeps the rest', () => {
    const cause = Object.assign(new Error(), { code: 'ECONNRESET', syscall: 'read' });
    const error = make({ ...full, cause });
    const more = error.with({ intentId: 'i2', attempts: [] });
    expect(more).toMatchObject({ ...full, intentId: 'i2', message: 'it broke' });
    expect(more.cause).toEqual({ name: 'Error', code: 'ECONNRESET', syscall: 'read' });
    expect(more.stack).toBe(error.stack);
    expect(error.intentId).toBe('i1');
    expect(ImageError.is(more)).toBe(true);
  });
});

describe('the cause', () => {
  const deep = new TypeError('fetch failed', {
    cause: Object.assign(new Error(canary), { code: 'ECONNRESET', syscall: 'read', socket: canary }),
  });

  test('is the innermost error as name, code and syscall', () => {
    expect(make({ cause: deep }).cause).toEqual({ name: 'Error', code: 'ECONNRESET', syscall: 'read' });
    expect(networkCode(deep)).toBe('ECONNRESET');
  });

  test('can be a circle', () => {
    const circle = new Error('x');
    circle.cause = circle;
    expect(make({ cause: circle }).cause).toEqual({ name: 'Error' });
  });

  const headers = { authorization: `Bearer ${canary}` };
  test.each<[string, unknown]>([
    ['an error that quotes the key', new Error(canary)],
    ['an error with the request', Object.assign(new Error('x'), { request: headers })],
    ['a text', canary],
    ['a Request', new Request('https://x.example', { headers })],
    ['a Response', new Response(canary, { headers })],
    ['Headers', new Headers(headers)],
    ['a Map', new Map([['key', canary]])],
    ['an error of another realm', runInNewContext(`new TypeError('invalid header value "${canary}"')`)],
    ['an object that looks described', { name: headers, code: headers }],
    ['a function', () => canary],
  ])('never keeps %s', (_, cause) => {
    const kept = make({ cause }).cause;
    expect(inspect(kept, { depth: 9, showHidden: true })).not.toContain(canary);
    expect([undefined, Object.prototype]).toContain(kept === undefined ? undefined : Object.getPrototypeOf(kept));
    expect(() => structuredClone(kept)).not.toThrow();
  });
});
