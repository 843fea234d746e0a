import { createEmulator } from '@imageport/emulator';
import { createWavespeed } from '@imageport/wavespeed';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sniffDelivered } from '../src/image/media-type.ts';
import { readPixels } from '../src/image/pixels.ts';
import { followPicture } from '../src/image/walk.ts';
import { type GenerateImageOptions, generateImage, parseRequest } from '../src/index.ts';
import { toBmp, toPng, toTiff } from './pictures.ts';

const reference = 'https://example.com/a.png';
const native = (fields: object) => ({ prompt: '', providerOptions: { wavespeed: { ...fields } }, images: [reference] });
const delivered: [model: string, options: object, type: string][] = [
  ['recraft-ai/recraft-20b-svg', {}, 'image/svg+xml'],
  ['recraft-ai/recraft-v3-svg', {}, 'image/svg+xml'],
  ['recraft-ai/recraft-v4/text-to-vector', {}, 'image/svg+xml'],
  ['wavespeed-ai/image-converter', native({ output_format: 'tiff' }), 'image/tiff'],
  ['wavespeed-ai/image-converter', native({ output_format: 'bmp' }), 'image/bmp'],
];

describe.each(delivered)('a paid picture of %s with %j', (id, options, type) => {
  test(`is fetched as ${type}, as bytes and in pieces`, async () => {
    const emulator = createEmulator({ generationTime: { fixed: 5 } });
    await emulator.listen();
    onTestFinished(() => emulator.close());
    const model = createWavespeed(emulator.wavespeed)(id);
    const call = { model, prompt: 'a pier', ...options } as unknown as GenerateImageOptions;
    const [image] = (await generateImage(call)).images;
    const bytes = await image?.bytes();
    expect(image).toMatchObject({ mediaType: type, width: expect.any(Number), height: expect.any(Number), cut: false });
    const pieces: Uint8Array[] = [];
    for await (const piece of image?.stream() ?? []) pieces.push(piece);
    expect(Buffer.concat(pieces)).toEqual(Buffer.from(bytes ?? []));
  });
});

const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>');

test.each([
  ['an SVG', svg],
  ['a TIFF', toTiff()],
  ['a BMP', toBmp()],
])('%s is delivered and not taken as a reference picture', (_, bytes) => {
  expect(sniffDelivered(bytes)).toBeDefined();
  for (const name of ['images', 'mask']) {
    const options = name === 'mask' ? { images: [toPng(9)], mask: bytes } : { images: [bytes] };
    expect(() => parseRequest({ prompt: 'a pier', ...options })).toThrow(
      /must be an https URL.*or the bytes of a picture/,
    );
  }
});

const isPicture = (file: Uint8Array): boolean => {
  const type = sniffDelivered(file);
  const follower = type && followPicture(type);
  return follower?.take(file) === true && follower.end() === 'whole';
};

const changed = (file: Buffer, at: number, ...bytes: readonly number[]): Buffer => {
  const copy = Buffer.from(file);
  copy.set(bytes, at);
  return copy;
};

test.each([
  ['a BMP that is longer than its file', toBmp({ length: 195 })],
  ['a BMP that is shorter than its pixels', toBmp({ length: 193 })],
  ['a BMP with a header of no version', changed(toBmp(), 14, 41)],
  ['a BMP of no pixels', toBmp({ height: 0 })],
  ['a BMP of a depth that is none', changed(toBmp(), 28, 23)],
  ['a BMP whose pixels stand in its header', changed(toBmp(), 10, 14)],
  ['a text that begins like a BMP', Buffer.alloc(200, 'BMW is a car. ')],
  ['a TIFF of no pixels', toTiff({ width: 0 })],
  ['a TIFF whose directory is beyond its file', changed(toTiff(), 4, 0, 1)],
  ['a TIFF whose directory is its head', changed(toTiff(), 4, 0)],
  ['a TIFF without entries', changed(toTiff(), 8, 0)],
  ['a TIFF of too many entries', changed(toTiff(), 8, 0xff, 0xff)],
  ['a TIFF with a type that is none', changed(toTiff(), 12, 99)],
  ['a TIFF without strips', changed(toTiff(), 58, 0)],
  ['a TIFF with a strip beyond its file', changed(toTiff(), 87, 1)],
  ['a TIFF whose strips are more than their sizes', changed(toTiff(), 62, 3)],
  ['a TIFF whose list of strips is beyond its file', changed(toTiff(), 66, 200)],
  ['a text that begins like a TIFF', Buffer.alloc(200, 'II*\0 is no number. ')],
])('%s is no picture', (_, file) => expect(isPicture(file)).toBe(false));

test.each([
  ['a BMP', toBmp(), { width: 9, height: 5 }],
  ['a BMP whose rows come from the top', toBmp({ height: -5 }), { width: 9, height: 5 }],
  ['a TIFF', toTiff(), { width: 9, height: 5 }],
  ['a TIFF of the other byte order', toTiff({ little: false }), { width: 9, height: 5 }],
])('%s is a picture and tells its pixels', (_, file, size) => {
  expect([isPicture(file), readPixels(file)]).toEqual([true, size]);
  for (let length = 0; length < file.length; length += 1) {
    const seen = readPixels(file.subarray(0, length));
    if (seen) expect(seen).toEqual(size);
  }
});
