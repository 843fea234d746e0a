import type { Size } from '../contract/request.ts';
import { readBmp } from './bmp.ts';
import { sniffDelivered } from './media-type.ts';
import { readSvg } from './svg.ts';
import { readTiff } from './tiff.ts';

const readers: Readonly<Record<string, (bytes: Uint8Array) => Size | undefined>> = {
  'image/svg+xml': readSvg,
  'image/tiff': readTiff,
  'image/bmp': readBmp,
};

/** Pixel size of a PNG, JPEG, WebP, SVG, TIFF or BMP from the beginning of its file, or undefined if it is not there. */
export function readPixels(bytes: Uint8Array): Size | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (view.getUint32(0) === 0x89504e47) return { width: view.getUint32(16), height: view.getUint32(20) };
    if (view.getUint16(0) === 0xffd8) return readJpeg(view);
    if (view.getUint32(0) === 0x52494646 && view.getUint32(8) === 0x57454250) return readWebp(view);
    return readers[sniffDelivered(bytes) ?? '']?.(bytes);
  } catch {
    // shorter than its own header says
  }
  return undefined;
}

function readJpeg(view: DataView): Size | undefined {
  let at = 2;
  while (view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    // Any number of 0xff may stand before a marker.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}

function readWebp(view: DataView): Size | undefined {
  const low24 = (at: number): number => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
  switch (view.getUint32(12)) {
    case 0x56503858: // VP8X
      return { width: low24(24) + 1, height: low24(27) + 1 };
    case 0x5650384c: {
      // VP8L packs both into 28 bits
      const bits = view.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 0x56503820: // VP8
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    default:
      return undefined;
  }
}
