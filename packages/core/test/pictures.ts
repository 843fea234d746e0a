import { crc32 } from 'node:zlib';

/** One chunk of a PNG. */
function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** A PNG of 9 x 5 pixels whose structure is whole, with so many bytes of data that no decoder would like. */
export function toPng(bytes: number): Uint8Array<ArrayBuffer> {
  const header = Uint8Array.from([0, 0, 0, 9, 0, 0, 0, 5, 8, 2, 0, 0, 0]);
  const signature = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = new Uint8Array(bytes).fill(7);
  return new Uint8Array(
    Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', new Uint8Array())]),
  );
}

const segment = (marker: number, data: readonly number[]): Buffer =>
  Buffer.from([0xff, marker, 0, data.length + 2, ...data]);

/** A JPEG of 9 x 5 pixels with so many bytes of coded data that no decoder would like, and its end marker or none. */
export function toJpeg(bytes: number, isEnded = true): Uint8Array<ArrayBuffer> {
  const frame = segment(0xc0, [8, 0, 5, 0, 9, 1, 1, 0x11, 0]);
  const scan = segment(0xda, [1, 1, 0, 0, 63, 0]);
  const end = isEnded ? [0xff, 0xd9] : [];
  return new Uint8Array(
    Buffer.concat([Buffer.from([0xff, 0xd8]), frame, scan, new Uint8Array(bytes).fill(7), Buffer.from(end)]),
  );
}

/** A BMP of 9 x 5 pixels of 24 bits; `height` as its header says it, which is negative where the rows come from the top. */
export function toBmp({ height = 5, length = 194 } = {}): Buffer {
  const file = Buffer.alloc(194, 7);
  file.write('BM');
  for (const [at, value] of Object.entries({ 2: length, 6: 0, 10: 54, 14: 40, 18: 9, 22: height, 30: 0 }))
    file.writeInt32LE(value, Number(at));
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  return file;
}

/** A TIFF of 9 x 5 grey pixels in two strips. Its directory comes first, then where the strips are, then the strips. */
export function toTiff({ little = true, width = 9 } = {}): Buffer {
  const file = Buffer.alloc(147, 7);
  const put = (value: number, at: number, size: number): unknown =>
    little ? file.writeUIntLE(value, at, size) : file.writeUIntBE(value, at, size);
  file.write(little ? 'II' : 'MM', 'latin1');
  put(42, 2, 2);
  put(8, 4, 4);
  const long = 4;
  const entries = [
    [256, 1, width],
    [257, 1, 5],
    [258, 1, 8],
    [262, 1, 1],
    [273, 2, 86],
    [279, 2, 94],
  ] as const;
  put(entries.length, 8, 2);
  for (const [index, [tag, count, value]] of entries.entries()) {
    const at = 10 + index * 12;
    put(tag, at, 2);
    put(long, at + 2, 2);
    put(count, at + 4, 4);
    put(value, at + 8, 4);
  }
  for (const [index, value] of [0, 102, 129, 27, 18].entries()) put(value, 82 + index * 4, 4);
  return file;
}
