import type { Size } from '../contract/request.ts';
import type { Walk } from './walk.ts';

/** Bytes of the header with the size of the picture, of every version there is. */
const headers = [12, 40, 52, 56, 64, 108, 124];
const depths = [1, 2, 4, 8, 16, 24, 32];
/** Bytes that tell of a file what `readHeader` wants to know. */
const headLength = 34;

interface Header extends Size {
  /** Where the pixels begin. */
  readonly start: number;
  /** Bytes of the file as it says itself. */
  readonly length: number;
  /** Bytes of the pixels; undefined where they are compressed. */
  readonly pixels: number | undefined;
}

/** As long as it says, with all its pixels. */
export function* bmp(): Walk {
  const header = readHeader(yield headLength);
  if (!header) return false;
  const { start, length, pixels = 1 } = header;
  if (length < Math.max(start + pixels, headLength)) return false;
  yield headLength - length;
  return true;
}

/** Pixel size of a BMP from its first bytes. */
export function readBmp(bytes: Uint8Array): Size | undefined {
  const { width, height } = readHeader(bytes) ?? {};
  return width && height ? { width, height } : undefined;
}

function readHeader(bytes: Uint8Array): Header | undefined {
  if (bytes.length < headLength) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [length, start, size] = [view.getUint32(2, true), view.getUint32(10, true), view.getUint32(14, true)];
  const isOld = size === 12;
  const [width, rows] = isOld
    ? [view.getUint16(18, true), view.getUint16(20, true)]
    : [view.getInt32(18, true), view.getInt32(22, true)];
  const planes = view.getUint16(isOld ? 22 : 26, true);
  const depth = view.getUint16(isOld ? 24 : 28, true);
  const compression = isOld ? 0 : view.getUint32(30, true);
  // A picture whose rows come from the top has a negative height.
  const height = Math.abs(rows);
  // 0 and 3: as they are, and with masks for the colours. The others are those of run lengths, and of a PNG or JPEG within.
  const isPlain = compression === 0 || compression === 3;
  const isSane = headers.includes(size) && start >= 14 + size && planes === 1 && width > 0 && height > 0;
  if (!isSane || compression > 6 || (isPlain && !depths.includes(depth))) return undefined;
  const row = Math.ceil((width * depth) / 32) * 4;
  return { width, height, start, length, pixels: isPlain ? row * height : undefined };
}
