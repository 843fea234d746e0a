import { getEventListeners } from 'node:events';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { networkCode } from '../../src/errors/cause.ts';
import { classifySubmit } from '../../src/errors/classify.ts';
import { fetchTransport } from '../../src/host/fetch-transport.ts';
import type { Exchange, OutgoingRequest } from '../../src/host/transport.ts';

type Fetch = typeof globalThis.fetch;

const outgoing = (more: Partial<OutgoingRequest> = {}): OutgoingRequest => ({
  method: 'POST',
  url: 'https://host.example/v2/jobs',
  headers: { 'X-API-Key': 'k' },
  body: '{"prompt":"x"}',
  cut: new AbortController(),
  timeout: 60_000,
  bodyTimeout: 20_000,
  maxBytes: 10_000,
  ...more,
});
const answer =
  (body: BodyInit | null, init?: ResponseInit): Fetch =>
  async () =>
    new Response(body, init);
const ask = (fetch: Fetch, more?: Partial<OutgoingRequest>): Promise<Exchange> =>
  fetchTransport(fetch).send(outgoing(more));
const gaveUp = (reason?: unknown): AbortController => {
  const cut = new AbortController();
  cut.abort(reason);
  return cut;
};
const verdict = ({ sent, status, error }: Exchange): string =>
  classifySubmit({ sent, keyed: false, hasJob: false, status, networkCode: networkCode(error) }).verdict;
const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(values);

describe('what goes out', () => {
  test('is one request, to the base address, that follows nothing', async () => {
    const seen: [Request, string][] = [];
    await ask(async (input, init) => {
      const request = new Request(input, init);
      seen.push([request, await request.text()]);
      return new Response('{}');
    });
    const [[request, text] = []] = seen;
    expect(seen).toHaveLength(1);
    expect(request?.url).toBe('https://host.example/v2/jobs');
    expect([request?.method, request?.redirect]).toEqual(['POST', 'manual']);
    expect(request?.headers.get('x-api-key')).toBe('k');
    expect(request?.headers.get('content-type')).toContain('application/json');
    expect(text).toBe('{"prompt":"x"}');
  });

  test.each([429, 500, 502, 503, 408, 413])('is not repeated after %d', async (status) => {
    const fetch = vi.fn<Fetch>(answer('{}', { status, headers: { 'retry-after': '0' } }));
    expect(await ask(fetch)).toMatchObject({ status });
    expect(fetch).toHaveBeenCalledTimes(1);
  });
});

describe('what comes back is data', () => {
  test.each<[string, Fetch, Partial<Exchange>]>([
    ['JSON', answer('{"id":"a"}'), { bodyState: 'json', body: { id: 'a' }, status: 200 }],
    [
      'JSON after a BOM',
      answer(new Blob([bytes(0xef, 0xbb, 0xbf), '{"id":"a"}'])),
      { bodyState: 'json', body: { id: 'a' } },
    ],
    ['JSON of another type', answer('{"id":"a"}', { headers: { 'content-type': 'text/html' } }), { bodyState: 'json' }],
    [
      'JSON with broken UTF-8 in it',
      answer(new Blob(['{"id":"a', bytes(0xff, 0xfe), '"}'])),
      { bodyState: 'json', body: { id: 'a\ufffd\ufffd' } },
    ],
    ['null', answer('null'), { bodyState: 'json', body: null }],
    ['nothing', answer(null), { bodyState: 'empty' }],
    ['no content', answer(null, { status: 204 }), { bodyState: 'empty', status: 204 }],
    ['blanks', answer(' \r\n'), { bodyState: 'empty' }],
    [
      'HTML',
      answer('<html>502</html>', { status: 502 }),
      { bodyState: 'garbled', text: '<html>502</html>', status: 502 },
    ],
    ['half of JSON', answer('{"id":"a"'), { bodyState: 'garbled', text: '{"id":"a"' }],
    ['noise', answer(bytes(0x1f, 0x8b, 0, 1, 2, 255)), { bodyState: 'garbled' }],
    ['too much', answer(`{"id":"${'a'.repeat(20_000)}"}`), { bodyState: 'incomplete' }],
    ['a redirect', answer('', { status: 307, headers: { location: 'https://evil.example' } }), { status: 307 }],
  ])('%s', async (_, fetch, expected) => {
    expect(await ask(fetch)).toMatchObject({ sent: 'yes', ...expected });
  });

  test('JSON that is too deep to be read is garbled, not a crash', async () => {
    const exchange = await ask(answer('['.repeat(1_000_000)), { maxBytes: 2_000_000 });
    expect(exchange).toMatchObject({ status: 200, bodyState: 'garbled' });
  });

  test('what is kept of a garbled body is bounded', async () => {
    const { text = '' } = await ask(answer('x'.repeat(1_000_000)), { maxBytes: 2_000_000 });
    expect(text.length).toBeLessThanOrEqual(65_536);
  });

  test('an opaque redirect hides whether it was a 303, so it is in doubt', async () => {
    const opaque = new Response(null);
    Object.defineProperties(opaque, { type: { value: 'opaqueredirect' }, status: { value: 0 } });
    const exchange = await ask(async () => opaque);
    expect(exchange.status).toBeGreaterThanOrEqual(300);
    expect(exchange.status).toBeLessThan(400);
    expect(verdict(exchange)).toBe('ambiguous');
  });

  test('headers are read, and cleaned', async () => {
    const headers = {
      'retry-after': '2',
      'x-request-id': ` a b\u00e9${'c'.repeat(500)}`,
      date: 'Sun, 01 Mar 2026 12:00:00 GMT',
    };
    const exchange = await ask(answer('{}', { headers }));
    expect(exchange).toMatchObject({ retryAfter: 2000, date: Date.parse(headers.date) });
    expect(exchange.requestId).toMatch(/^abc{500}$/);
  });

  test('headers that are junk are not there', async () => {
    const headers = { 'retry-after': 'x'.repeat(4096), date: 'yesterday', 'x-request-id': '  ' };
    expect(Object.keys(await ask(answer('{}', { headers }))).sort()).toEqual(['body', 'bodyState', 'sent', 'status']);
  });
});

describe('silence is data too', () => {
  const broken =
    (code: string, syscall?: string): Fetch =>
    async () => {
      throw new TypeError('fetch failed', {
        cause: Object.assign(new Error('x'), { code, ...(syscall ? { syscall } : {}) }),
      });
    };

  test.each<[string, string]>([
    ['ECONNRESET', 'read'],
    ['EPIPE', 'write'],
    ['ETIMEDOUT', 'read'],
    ['EHOSTUNREACH', 'read'],
    ['ENETUNREACH', 'write'],
    ['ECONNREFUSED', 'connect'],
    ['ENOTFOUND', 'getaddrinfo'],
  ])('%s at a %s of a fetch of the caller proves nothing: it may be of another request', async (code, syscall) => {
    expect(verdict(await ask(broken(code, syscall)))).toBe('ambiguous');
  });

  test.each<[string, unknown]>([
    ['an error', new Error('x')],
    ['a text', 'x'],
    ['nothing', undefined],
    ['a Response', new Response('x')],
  ])('a fetch of the caller that throws %s is in doubt', async (_, thrown) => {
    const exchange = await ask(async () => {
      throw thrown;
    });
    expect(exchange).toMatchObject({ sent: 'unknown', bodyState: 'none' });
    expect(verdict(exchange)).toBe('ambiguous');
  });

  test.each<[string, Fetch]>([
    [
      'throws at once',
      () => {
        throw new Error('x');
      },
    ],
    ['returns nothing', (async () => undefined) as unknown as Fetch],
    ['returns a text', (() => 'x') as unknown as Fetch],
    ['returns something like a Response', (async () => ({ status: 200, body: null })) as unknown as Fetch],
    [
      'returns a body that is none',
      (async () => ({ status: 200, body: 'x', headers: new Headers() })) as unknown as Fetch,
    ],
  ])('a fetch that %s does not make it throw', async (_, fetch) => {
    expect(verdict(await ask(fetch))).toBe('ambiguous');
  });

  test.each<[string, Partial<OutgoingRequest>]>([
    ['an address that is none', { url: 'nonsense' }],
    ['a header that is none', { headers: { 'x-key': 'secret\nb' } }],
  ])('%s never reaches fetch, so nothing was sent', async (_, more) => {
    const fetch = vi.fn<Fetch>(answer('{}'));
    const cut = new AbortController();
    const exchange = await ask(fetch, { ...more, cut });
    expect(fetch).not.toHaveBeenCalled();
    expect(exchange).toMatchObject({ sent: 'no', bodyState: 'none' });
    expect(getEventListeners(cut.signal, 'abort')).toHaveLength(0);
    expect(JSON.stringify(exchange)).not.toContain('secret');
  });

  test('a caller who gave up before proves that nothing was sent', async () => {
    const fetch = vi.fn<Fetch>(answer('{}'));
    expect(await ask(fetch, { cut: gaveUp(new Error('enough')) })).toMatchObject({
      sent: 'no',
      error: { message: 'enough' },
    });
    expect(fetch).not.toHaveBeenCalled();
  });
});

describe('time', () => {
  const hanging: Fetch = () => new Promise(() => undefined);
  const hangingBody: Fetch = async () => new Response(new ReadableStream({ pull: () => new Promise(() => undefined) }));

  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  test('a fetch that ignores its signal ends by the timeout', async () => {
    const exchange = ask(hanging, { timeout: 300 });
    await vi.advanceTimersByTimeAsync(300);
    expect(await exchange).toMatchObject({ bodyState: 'none', error: { name: 'TimeoutError' } });
    expect(verdict(await exchange)).toBe('ambiguous');
  });

  test('a fetch that ignores its signal ends when the caller gives up', async () => {
    const caller = new AbortController();
    const exchange = ask(hanging, { cut: caller });
    await vi.advanceTimersByTimeAsync(5);
    const reason = new Error('enough');
    caller.abort(reason);
    expect(await exchange).toMatchObject({ bodyState: 'none', error: reason });
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0);
  });

  test('a body that hangs ends by the idle limit', async () => {
    const exchange = ask(hangingBody);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await exchange).toMatchObject({ status: 200, sent: 'yes', bodyState: 'incomplete' });
  });

  test('a body that hangs ends when the caller gives up', async () => {
    const caller = new AbortController();
    const exchange = ask(hangingBody, { cut: caller });
    await vi.advanceTimersByTimeAsync(5);
    caller.abort();
    expect(await exchange).toMatchObject({ status: 200, bodyState: 'incomplete' });
  });

  test('a body that breaks is incomplete', async () => {
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"id":"a'));
      },
      pull: (controller) => controller.error(new Error('reset')),
    });
    expect(await ask(async () => new Response(stream))).toMatchObject({
      status: 200,
      bodyState: 'incomplete',
      text: '{"id":"a',
    });
  });

  test('an answer leaves no timer and no listener', async () => {
    const caller = new AbortController();
    await ask(answer('{}'), { cut: caller });
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0);
  });

  test.each([2 ** 31, Number.MAX_SAFE_INTEGER, Infinity])(
    'a timeout of %d ms does not cut a paid request at once',
    async (timeout) => {
      const slow: Fetch = () => new Promise((resolve) => setTimeout(() => resolve(new Response('{}')), 30_000));
      const exchange = ask(slow, { timeout });
      await vi.advanceTimersByTimeAsync(30_000);
      expect(await exchange).toMatchObject({ status: 200, bodyState: 'json' });
    },
  );
});

test('a compressed bomb stops at the cap', async () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000));
  const stream = new Blob([bomb]).stream().pipeThrough(new DecompressionStream('gzip'));
  const exchange = await ask(async () => new Response(stream), { maxBytes: 100_000 });
  expect(exchange.bodyState).toBe('incomplete');
  expect(exchange.text?.length).toBeLessThanOrEqual(65_536);
});
