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
