import type { Size } from './request.ts';

const headerBytes = 54;

/** A BMP file of 24 bits a pixel. The rows of red, green and blue come from the top; a file has them from the bottom. */
export function toBitmap(rgb: Uint8Array, { width, height }: Size): Uint8Array {
  const row = Math.ceil((width * 3) / 4) * 4;
  const file = Buffer.alloc(headerBytes + row * height);
  file.write('BM');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(headerBytes, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  for (let y = 0; y < height; y += 1) {
    let place = headerBytes + row * (height - 1 - y);
    for (let from = y * width * 3; from < (y + 1) * width * 3; from += 3) {
      file[place] = rgb[from + 2] ?? 0;
      file[place + 1] = rgb[from + 1] ?? 0;
      file[place + 2] = rgb[from] ?? 0;
      place += 3;
    }
  }
  return file;
}
