import { readFile } from 'node:fs/promises';

export interface PictureFile {
  readonly type: 'png' | 'jpeg';
  readonly width: number;
  readonly height: number;
}

/** Reads type and size from the bytes themselves, as a viewer would. */
export async function readPicture(path: string): Promise<PictureFile> {
  const bytes = await readFile(path);
  if (bytes.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex'))) {
    return { type: 'png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  }
  if (bytes.readUInt16BE(0) !== 0xffd8 || bytes.readUInt16BE(bytes.length - 2) !== 0xffd9) {
    throw new Error(`${path} is neither a PNG nor a whole JPEG`);
  }
  for (let at = 2; ; at += 2 + bytes.readUInt16BE(at + 2)) {
    const marker = bytes.readUInt16BE(at);
    if (marker >= 0xffc0 && marker <= 0xffc2) {
      return { type: 'jpeg', height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    }
  }
}
