import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodedLength, fromBase64, toDataUrl } from '../../src/image/base64.ts';
import { sniffMediaType } from '../../src/image/media-type.ts';
import { readPixels } from '../../src/image/pixels.ts';

type Pipeline = Record<'png' | 'jpeg' | 'webp' | 'gif' | 'avif', (options?: object) => { toBuffer(): Promise<Buffer> }>;
type Sharp = (options: object) => Pipeline & { withMetadata(options: object): Pipeline };
const sharp: Sharp = createRequire(new URL('../../../emulator/package.json', import.meta.url))('sharp');

const canvas = (width: number, height: number, channels = 3) =>
  sharp({ create: { width, height, channels, background: { r: 9, g: 99, b: 200, alpha: 0.5 } } });

const files: [string, string, [number, number], () => Promise<Buffer>][] = [
  ['PNG', 'image/png', [37, 21], () => canvas(37, 21).png().toBuffer()],
  ['wide PNG', 'image/png', [4096, 3], () => canvas(4096, 3).png().toBuffer()],
  ['JPEG', 'image/jpeg', [640, 360], () => canvas(640, 360).jpeg().toBuffer()],
  ['progressive JPEG', 'image/jpeg', [33, 65], () => canvas(33, 65).jpeg({ progressive: true }).toBuffer()],
  [
    'JPEG with EXIF',
    'image/jpeg',
    [50, 40],
    () =>
      canvas(50, 40)
        .withMetadata({ exif: { IFD0: { Copyright: 'x'.repeat(500) } } })
        .jpeg()
        .toBuffer(),
  ],
  ['WebP VP8', 'image/webp', [300, 200], () => canvas(300, 200).webp({ quality: 50 }).toBuffer()],
  ['WebP VP8L', 'image/webp', [301, 199], () => canvas(301, 199).webp({ lossless: true }).toBuffer()],
  ['WebP VP8X', 'image/webp', [77, 1025], () => canvas(77, 1025, 4).webp({ quality: 50 }).toBuffer()],
];

describe.each(files)('a %s', (_, type, [width, height], make) => {
  test('is recognised by its first bytes', async () => expect(sniffMediaType(await make())).toBe(type));

  test('tells its pixels', async () => expect(readPixels(await make())).toEqual({ width, height }));

  test('tells them from inside a larger buffer too', async () => {
    const file = await make();
    const padded = Buffer.concat([Buffer.alloc(13, 0xff), file]);
    expect(readPixels(padded.subarray(13))).toEqual({ width, height });
  });

  test('tells all or nothing when it is cut, and never throws', async () => {
    const file = await make();
    for (let length = 0; length < Math.min(file.length, 800); length += 1) {
      const seen = readPixels(file.subarray(0, length));
      if (seen) expect(seen).toEqual({ width, height });
      sniffMediaType(file.subarray(0, length));
    }
  });
});

test('the three kinds of WebP are really three', async () => {
  const kinds = await Promise.all(
    files.slice(5).map(async ([, , , make]) => (await make()).toString('latin1', 12, 16)),
  );
  expect(kinds).toEqual(['VP8 ', 'VP8L', 'VP8X']);
});

test('fill bytes before a JPEG marker are skipped', () => {
  const frame = [0xff, 0xc0, 0, 11, 8, 0, 5, 0, 7, 1, 1, 0x11, 0];
  expect(readPixels(Uint8Array.from([0xff, 0xd8, 0xff, 0xff, 0xff, ...frame]))).toEqual({ width: 7, height: 5 });
});

test.each<[string, () => Promise<Buffer> | Buffer, string | undefined]>([
  ['GIF', () => canvas(5, 5).gif().toBuffer(), 'image/gif'],
  ['AVIF', () => canvas(16, 16).avif().toBuffer(), 'image/avif'],
  ['HTML', () => Buffer.from('<!doctype html><html>'), undefined],
  ['SVG', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), undefined],
  ['JSON', () => Buffer.from('{"error":"gone"}'), undefined],
  ['RIFF that is a sound', () => Buffer.from('RIFF\0\0\0\0WAVEfmt '), undefined],
  ['nothing', () => Buffer.alloc(0), undefined],
])('%s is %s', async (_, make, type) => expect(sniffMediaType(await make())).toBe(type));

test('a sound in a RIFF has no pixels', () => {
  expect(readPixels(Buffer.from('RIFF\0\0\0\0WAVEVP8X______________________'))).toBeUndefined();
});

test('bytes of any kind are read without throwing', () => {
  const start = fc.constantFrom(
    [],
    [0x89, 0x50, 0x4e, 0x47],
    [0xff, 0xd8, 0xff],
    [...Buffer.from('RIFF0000WEBPVP8 ')],
    [...Buffer.from('RIFF0000WEBPVP8L')],
  );
  fc.assert(
    fc.property(start, fc.uint8Array({ maxLength: 300 }), (head, tail) => {
      const bytes = Uint8Array.from([...head, ...tail]);
      const pixels = readPixels(bytes);
      if (pixels) expect(Number.isInteger(pixels.width) && Number.isInteger(pixels.height)).toBe(true);
      sniffMediaType(bytes);
    }),
    { numRuns: 2000 },
  );
});

describe('base64', () => {
  test('reads back every picture, naked, as a data URL, url-safe, wrapped and unpadded', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (bytes) => {
        const naked = Buffer.from(bytes).toString('base64');
        const forms = [
          naked,
          `data:image/png;base64,${naked}`,
          naked.replaceAll('+', '-').replaceAll('/', '_'),
          Buffer.from(bytes).toString('base64url'),
          naked.replace(/.{7}/g, '$&\r\n'),
          ` ${naked}\n`,
          naked.replace(/=+$/, ''),
          `${naked.replace(/=+$/, '')}====`,
          toDataUrl(bytes),
        ];
        for (const form of forms) expect(fromBase64(form)).toEqual(Uint8Array.from(bytes));
      }),
    );
  });

  test.each(['a', 'abcde', 'not base64!', '<html>', 'ab=cd', 'data:image/png;base64,@@@', 'é'])('%j is none', (text) =>
    expect(fromBase64(text)).toBeUndefined(),
  );

  test('its size is known, and never too small, before it is decoded', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(decodedLength(Buffer.from(bytes).toString('base64'))).toBeGreaterThanOrEqual(bytes.length);
      }),
    );
  });

  test('a picture of 20 MB is decoded whole', () => {
    const text = Buffer.alloc(20_000_000, 7).toString('base64');
    expect(fromBase64(text)?.length).toBe(20_000_000);
  });
});
