import { expect, test } from 'vitest';
import { fetchTransport } from '../../src/host/fetch-transport.ts';
import { createImage, type GeneratedImage } from '../../src/image/picture.ts';
import { toPng } from '../pictures.ts';

const png = toPng(3000 - 57);

/** A picture whose body the test sends, and how often it was asked for. */
function picture() {
  let body: ReadableStreamDefaultController<Uint8Array> | undefined;
  const [opened, again, cancelled] = Array.from({ length: 3 }, () => Promise.withResolvers<void>());
  let asked = 0;
  const fetch = async (): Promise<Response> => {
    asked += 1;
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        body = controller;
        (asked === 1 ? opened : again)?.resolve();
      },
      cancel: () => cancelled?.resolve(),
    });
    return new Response(stream);
  };
  const image: GeneratedImage = createImage({
    output: { url: 'https://93.184.216.34/a.png' },
    job: { provider: 'fake', modelId: 'x/y', id: 'j1' },
    seed: 7,
    transport: fetchTransport(fetch as typeof globalThis.fetch),
    local: false,
    refresh: async () => undefined,
  });
  return {
    image,
    opened: opened?.promise,
    openedAgain: again?.promise,
    cancelled: cancelled?.promise,
    asked: () => asked,
    send(bytes: Uint8Array, ended = false) {
      body?.enqueue(bytes);
      if (ended) body?.close();
    },
  };
}

const tooLarge = { code: 'invalid_response', reason: 'output_too_large' };
const late = { code: 'timeout', stage: 'download' };

test('who asks second ends by the own abort, with its reason, and the first has the picture', async () => {
  const { image, opened, send, asked } = picture();
  const [caller, reason] = [new AbortController(), new Error('enough')];
  const [first, second] = [image.bytes(), image.bytes({ signal: caller.signal })];
  await opened;
  caller.abort(reason);
  await expect(second).rejects.toBe(reason);
  send(png, true);
  expect(await first).toEqual(png);
  expect(asked()).toBe(1);
});

test('who asks second ends at the own time, and the first has the picture', async () => {
  const { image, opened, send, asked } = picture();
  const [first, second] = [image.bytes(), image.bytes({ timeout: 1 })];
  await expect(second).rejects.toMatchObject(late);
  await opened;
  send(png, true);
  expect(await first).toEqual(png);
  expect(asked()).toBe(1);
});

test('who asks first ends at the own time, and the second has the picture of the same download', async () => {
  const { image, opened, send, asked } = picture();
  const [first, second] = [image.bytes({ timeout: 1 }), image.bytes()];
  await expect(first).rejects.toMatchObject(late);
  await opened;
  send(png, true);
  expect(await second).toEqual(png);
  expect(asked()).toBe(1);
});

test.each([
  ['first', [100, 9_000]],
  ['second', [9_000, 100]],
] as const)('a small cap of who asks %s ends that call alone, as soon as it is passed', async (_, caps) => {
  const { image, opened, send, asked } = picture();
  const calls = caps.map((maxBytes) => ({ maxBytes, bytes: image.bytes({ maxBytes }) }));
  const [small, large] = calls.sort((one, other) => one.maxBytes - other.maxBytes).map(({ bytes }) => bytes);
  await opened;
  send(png.slice(0, 200));
  await expect(small).rejects.toMatchObject(tooLarge);
  send(png.slice(200), true);
  expect(await large).toEqual(png);
  expect(asked()).toBe(1);
});

test('who allows more than a download was opened for, and came later, downloads it again', async () => {
  const { image, opened, openedAgain, send } = picture();
  const small = image.bytes({ maxBytes: 100 });
  await opened;
  const large = image.bytes();
  send(png.slice(0, 200));
  await expect(small).rejects.toMatchObject(tooLarge);
  await openedAgain;
  send(png, true);
  expect(await large).toEqual(png);
});

test('a download for which nobody waits any more is ended', async () => {
  const { image, opened, cancelled, send } = picture();
  const [one, other] = [new AbortController(), new AbortController()];
  const calls = [image.bytes({ signal: one.signal }), image.bytes({ signal: other.signal })];
  await opened;
  send(png.slice(0, 200));
  one.abort(new Error('one'));
  other.abort(new Error('other'));
  await expect(calls[0]).rejects.toThrow('one');
  await expect(calls[1]).rejects.toThrow('other');
  await cancelled;
});

test('bytes that are kept obey the limits of who asks for them', async () => {
  const { image, opened, send, asked } = picture();
  const first = image.bytes();
  await opened;
  send(png, true);
  expect(await first).toEqual(png);
  await expect(image.bytes({ maxBytes: png.length - 1 })).rejects.toMatchObject(tooLarge);
  const reason = new Error('enough');
  await expect(image.bytes({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  expect(await image.bytes({ maxBytes: png.length, timeout: 0 })).toEqual(png);
  expect(asked()).toBe(1);
});
