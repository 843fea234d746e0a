import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ImageError } from '../../src/errors/image-error.ts';
import { fetchTransport } from '../../src/host/fetch-transport.ts';
import { createImage, type GeneratedImage } from '../../src/image/picture.ts';
import type { DownloadPictureOptions, PictureSource } from '../../src/image/read-picture.ts';
import { toJpeg, toPng } from '../pictures.ts';

type Fetch = typeof globalThis.fetch;

const png = toPng(3000 - 57);
const job = { provider: 'fake', modelId: 'x/y', id: 'j1' };
const at = 'https://93.184.216.34/a.png';

function picture(fetch: Fetch, more: Partial<PictureSource> = {}): GeneratedImage {
  const refresh = async (): Promise<undefined> => undefined;
  return createImage({
    output: { url: at },
    job,
    seed: 7,
    transport: fetchTransport(fetch),
    local: false,
    refresh,
    ...more,
  });
}

const ok =
  (body: BodyInit = png, init?: ResponseInit) =>
  (): Response =>
    new Response(body, init);
const status = (code: number, headers?: Record<string, string>) => (): Response =>
  new Response(null, { status: code, ...(headers ? { headers } : {}) });
const reset = (): never => {
  throw new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNRESET' }) });
};

/** Answers one after the other; the last for ever. */
const script = (...answers: (() => Response)[]) => {
  let asked = 0;
  return vi.fn<Fetch>(async () => {
    const answer = answers[Math.min(asked, answers.length - 1)] ?? reset;
    asked += 1;
    return answer();
  });
};

async function failure(work: Promise<unknown>): Promise<ImageError> {
  const error: unknown = await work.then(
    () => new Error('nothing failed'),
    (reason: unknown) => reason,
  );
  if (ImageError.is(error)) return error;
  throw error;
}

async function drain(image: GeneratedImage, options?: DownloadPictureOptions): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of image.stream(options)) chunks.push(chunk);
  return Uint8Array.from(Buffer.concat(chunks));
}

const paid = { billed: 'yes', stage: 'download', job, provider: 'fake', model: 'x/y' };

/** Runs the tests of one group on a clock that is far ahead of the real one, and proves that none leaves a timer. */
function quickly(): void {
  let clock: NodeJS.Timeout;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    clock = setInterval(() => vi.advanceTimersByTime(100), 5);
  });
  afterEach(() => {
    clearInterval(clock);
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });
}

describe('a picture at an address', () => {
  quickly();

  test('is asked for once, without any key, and kept', async () => {
    const fetch = script(ok());
    const image = picture(fetch);
    expect(image).toMatchObject({ url: at, mediaType: undefined, width: undefined, seed: 7, flagged: false, job });
    const [one, two] = await Promise.all([image.bytes(), image.bytes()]);
    expect(one).toEqual(png);
    expect(two).toBe(one);
    expect(fetch).toHaveBeenCalledTimes(1);
    const [url, init] = fetch.mock.calls[0] ?? [];
    expect(url).toBe(at);
    expect(init).toMatchObject({ redirect: 'manual', credentials: 'omit' });
    expect([...new Headers(init?.headers).keys()].sort()).toEqual(['accept', 'accept-encoding']);
    expect(image).toMatchObject({ mediaType: 'image/png', width: 9, height: 5 });
  });

  test('streams what `bytes` gives, in whatever pieces it comes', async () => {
    const pieces = (): Response =>
      new Response(
        new ReadableStream({
          start(controller) {
            for (let start = 0; start < png.length; start += 7) controller.enqueue(png.slice(start, start + 7));
            controller.close();
          },
        }),
      );
    const image = picture(script(pieces));
    expect(await drain(image)).toEqual(await picture(script(ok())).bytes());
    expect(image).toMatchObject({ mediaType: 'image/png', width: 9, height: 5 });
  });

  test('that has no end is asked for once more, and handed over as far as it goes', async () => {
    const [cut, whole] = [toJpeg(900, false), toJpeg(900)];
    const onCut = vi.fn();
    const fetch = script(ok(cut));
    const image = picture(fetch, { onCut });
    expect(image.cut).toBe(false);
    expect(await image.bytes()).toEqual(cut);
    expect(image).toMatchObject({ mediaType: 'image/jpeg', width: 9, height: 5, cut: true });
    expect([fetch.mock.calls.length, onCut.mock.calls.length]).toEqual([2, 1]);
    const healed = picture(script(ok(cut), ok(whole)), { onCut });
    expect(await healed.bytes()).toEqual(whole);
    expect([healed.cut, onCut.mock.calls.length]).toEqual([false, 1]);
  });

  test.each([900, 90_000])('that has no end comes in pieces too, and in an answer: %d bytes', async (size) => {
    const cut = toJpeg(size, false);
    const onCut = vi.fn();
    const image = picture(script(ok(cut)), { onCut });
    expect(await drain(image)).toEqual(cut);
    const answered = picture(script(), { output: { base64: Buffer.from(cut).toString('base64') }, onCut });
    expect(await answered.bytes()).toEqual(cut);
    expect([image.cut, answered.cut, onCut.mock.calls.length]).toEqual([true, true, 2]);
  });

  test('that has no end where a picture has broken off before is not asked for for ever', async () => {
    const fetch = script(reset, ok(toJpeg(9, false)));
    expect(await picture(fetch).bytes()).toEqual(toJpeg(9, false));
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  test('that is shorter than a header is judged by what there is', async () => {
    expect(await drain(picture(script(ok(toPng(0)))))).toEqual(toPng(0));
  });

  test.each([1, 2, 3])('follows %d redirects', async (count) => {
    const hops = Array.from({ length: count }, (_, hop) => status(302, { location: `/hop${hop}` }));
    const fetch = script(...hops, ok());
    expect(await picture(fetch).bytes()).toEqual(png);
    expect(fetch.mock.calls.at(-1)?.[0]).toBe(`https://93.184.216.34/hop${count - 1}`);
  });

  test('does not follow a fourth redirect', async () => {
    const fetch = script(status(302, { location: '/again' }));
    expect(await failure(picture(fetch).bytes())).toMatchObject({
      ...paid,
      code: 'invalid_response',
      reason: 'unexpected_redirect',
    });
    expect(fetch).toHaveBeenCalledTimes(4);
  });

  test.each([
    'http://93.184.216.34/a.png',
    'https://127.0.0.1/a.png',
    'https://localhost/a.png',
    'https://[::ffff:169.254.169.254]/latest',
    '//10.0.0.1/a.png',
    'https://user:pw@93.184.216.34/a.png',
    'file:///etc/passwd',
    'data:image/png;base64,AAAA',
  ])('is not looked for at %s, neither at once nor by a redirect', async (url) => {
    const expected = { ...paid, code: 'invalid_response', reason: 'forbidden_address' };
    const redirected = script(status(302, { location: url }), ok());
    expect(await failure(picture(redirected).bytes())).toMatchObject(expected);
    expect(redirected).toHaveBeenCalledTimes(1);
    const direct = script(ok());
    expect(await failure(picture(direct, { output: { url } }).bytes())).toMatchObject(expected);
    expect(direct).not.toHaveBeenCalled();
  });

  test('is looked for on this machine only if the host is there too', async () => {
    const url = 'http://127.0.0.1:8080/a.png';
    expect(await picture(script(ok()), { output: { url }, local: true }).bytes()).toEqual(png);
    const inside = script(ok());
    expect(
      (await failure(picture(inside, { output: { url: 'http://10.0.0.1/a.png' }, local: true }).bytes())).reason,
    ).toBe('forbidden_address');
  });

  test.each([403, 404, 410])('after %d is looked for once more where the host says', async (code) => {
    const fetch = script(status(code), ok());
    const refresh = vi.fn(async () => 'https://93.184.216.35/b.png');
    expect(await picture(fetch, { refresh }).bytes()).toEqual(png);
    expect(refresh).toHaveBeenCalledTimes(1);
    expect(fetch.mock.calls[1]?.[0]).toBe('https://93.184.216.35/b.png');
  });

  test.each<[string, () => Promise<string | undefined>]>([
    ['knows nothing newer', async () => undefined],
    ['says the same', async () => at],
  ])('that is gone where the host %s has expired', async (_, refresh) => {
    expect(await failure(picture(script(status(404)), { refresh }).bytes())).toMatchObject({
      ...paid,
      code: 'result_expired',
      resumable: false,
    });
  });

  test('a caller who gives up while the host is asked for a newer address gets the own reason back', async () => {
    const caller = new AbortController();
    const reason = new Error('enough');
    const refresh = async (signal: AbortSignal): Promise<undefined> => {
      caller.abort(reason);
      signal.throwIfAborted();
    };
    await expect(picture(script(status(404)), { refresh }).bytes({ signal: caller.signal })).rejects.toBe(reason);
  });

  test.each<[string, () => Response]>([
    ['a reset', reset],
    ['a 500', status(500)],
    ['a 503', status(503)],
    ['a 429', status(429)],
    [
      'a body that breaks',
      () =>
        new Response(
          new ReadableStream({
            start: (controller) => controller.enqueue(png.slice(0, 99)),
            pull: (controller) => controller.error(new Error('x')),
          }),
        ),
    ],
    ['a body that is too short', ok(png.slice(0, 100), { headers: { 'content-length': '3000' } })],
    ['a page instead of a picture', ok('<html>try later</html>')],
    ['an empty file', ok('')],
  ])('is tried again after %s', async (_, broken) => {
    const fetch = script(broken, ok());
    expect(await picture(fetch).bytes()).toEqual(png);
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  test('is tried four times in all', async () => {
    const fetch = script(status(503));
    expect(await failure(picture(fetch).bytes())).toMatchObject({ ...paid, code: 'unavailable', httpStatus: 503 });
    expect(fetch).toHaveBeenCalledTimes(4);
  });

  test('can be asked for again after it failed', async () => {
    const fetch = script(status(400), ok());
    const image = picture(fetch);
    await failure(image.bytes());
    expect(await image.bytes()).toEqual(png);
  });

  test.each<[string, () => Response]>([
    ['by what it announces', ok(png, { headers: { 'content-length': '3000' } })],
    ['by what comes', ok()],
  ])('that is too large %s is let go', async (_, answer) => {
    const fetch = script(answer);
    expect(await failure(picture(fetch).bytes({ maxBytes: 2999 }))).toMatchObject({
      ...paid,
      reason: 'output_too_large',
    });
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  test('that was compressed is counted after decoding, and its announced length is that of the compressed one', async () => {
    const answer = ok(png, { headers: { 'content-encoding': 'gzip', 'content-length': '12' } });
    expect(await picture(script(answer)).bytes()).toEqual(png);
    expect((await failure(picture(script(answer)).bytes({ maxBytes: 100 }))).reason).toBe('output_too_large');
  });

  test.each(['<html>', '<svg xmlns="x"/>', ''])('that stays %j is not a picture', async (text) => {
    expect(await failure(picture(script(ok(text))).bytes())).toMatchObject({
      ...paid,
      code: 'invalid_response',
      reason: 'output_invalid',
    });
    expect((await failure(drain(picture(script(ok(text)))))).reason).toBe('output_invalid');
  });

  test('never quotes its address, which may be signed, in an error', async () => {
    const url = 'https://93.184.216.34/a.png?signature=canary';
    expect(JSON.stringify(await failure(picture(script(status(400)), { output: { url } }).bytes()))).not.toContain(
      'canary',
    );
  });
});

describe('time', () => {
  quickly();

  test.each<[string, () => Response]>([
    ['an answer of 503 for ever', status(503)],
    ['a body that hangs', () => new Response(new ReadableStream({ pull: () => new Promise(() => undefined) }))],
  ])('over during %s is a typed error', async (_, answer) => {
    expect(await failure(picture(script(answer)).bytes({ timeout: 900 }))).toMatchObject({
      ...paid,
      code: 'timeout',
      resumable: true,
    });
  });

  test.each([200, 300, 700])('over between two tries, after %d ms, is a typed error too', async (timeout) => {
    const work = picture(script(status(503))).bytes({ timeout });
    expect(await failure(work)).toMatchObject({ ...paid, code: 'timeout' });
  });

  test('ends a fetch that ignores its signal', async () => {
    const work = picture(() => new Promise(() => undefined)).bytes({ timeout: 500 });
    expect((await failure(work)).code).toBe('timeout');
  });

  test('ends a look-up of the name that hangs', async () => {
    const dns = process.getBuiltinModule('node:dns');
    const lookup = vi.spyOn(dns.promises, 'lookup').mockReturnValue(new Promise(() => undefined) as never);
    const work = picture(script(ok()), { output: { url: 'https://slow.example.com/a.png' } }).bytes({ timeout: 500 });
    expect((await failure(work).finally(() => lookup.mockRestore())).code).toBe('timeout');
  });

  test("the caller's own reason comes back", async () => {
    const caller = new AbortController();
    const reason = new Error('enough');
    const work = picture(script(status(503))).bytes({ signal: caller.signal });
    caller.abort(reason);
    await expect(work).rejects.toBe(reason);
  });

  test('of one caller is not the time of another', async () => {
    const caller = new AbortController();
    const image = picture(script(reset, ok()));
    const [first, second] = [image.bytes({ signal: caller.signal }), image.bytes()];
    caller.abort(new Error('enough'));
    await expect(first).rejects.toThrow('enough');
    expect(await second).toEqual(png);
  });
});

describe('a picture as base64', () => {
  quickly();
  const text = Buffer.from(png).toString('base64');
  const none = script(reset);

  test.each<[string, string]>([
    ['naked', text],
    ['as a data URL', `data:image/png;base64,${text}`],
    ['url-safe', Buffer.from(png).toString('base64url')],
  ])('%s needs no request', async (_, base64) => {
    const image = picture(none, { output: { base64, flagged: true } });
    expect(image).toMatchObject({ url: undefined, flagged: true });
    expect(await image.bytes()).toEqual(png);
    expect(await drain(image)).toEqual(png);
    expect(none).not.toHaveBeenCalled();
  });

  test.each<[string, string, DownloadPictureOptions, string]>([
    ['broken', '@@@', {}, 'output_invalid'],
    ['of something else', Buffer.from('<html>').toString('base64'), {}, 'output_invalid'],
    ['too large', text, { maxBytes: 100 }, 'output_too_large'],
  ])('that is %s is a typed error', async (_, base64, options, reason) => {
    expect(await failure(picture(none, { output: { base64 } }).bytes(options))).toMatchObject({ ...paid, reason });
  });
});

test('over a real socket, a file that breaks off is fetched again and comes whole', async () => {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    expect(request.headers.authorization ?? request.headers['x-api-key'] ?? request.headers.cookie).toBeUndefined();
    response.writeHead(200, { 'content-length': png.length });
    if (asked > 1) return void response.end(png);
    response.write(png.slice(0, 1000), () => response.socket?.resetAndDestroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.png`;
  expect(await picture(globalThis.fetch, { output: { url }, local: true }).bytes()).toEqual(png);
  server.closeAllConnections();
  server.close();
});
