import { concat } from '../host/read-body.ts';
import type { MediaType } from './media-type.ts';

/**
 * Reads a file from its beginning: gets so many bytes, passes over so many if the number is negative, and goes behind the
 * next 0xff for `Infinity`. Returns at the end of the picture; false: it is none.
 */
type Walk = Generator<number, boolean, Uint8Array>;

const number = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum * 256 + byte, 0);
const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

// What stands where a length should is a text in a script, and reads as one of more bytes than there are.

/** Chunk after chunk to IEND. */
function* png(): Walk {
  yield -8;
  for (let type = ''; type !== 'IEND'; ) {
    const head = yield 8;
    type = text(head.subarray(4));
    yield -4 - number(head.subarray(0, 4));
  }
  return true;
}

/** Segment after segment, the coded picture behind each SOS, to EOI. */
function* jpeg(): Walk {
  yield -2;
  for (let [drawn, coded] = [false, false]; ; ) {
    if (coded) yield Number.POSITIVE_INFINITY;
    else if (number(yield 1) !== 0xff) return false;
    let mark = 0xff;
    // Any number of 0xff may stand before a marker.
    while (mark === 0xff) mark = number(yield 1);
    if (mark === 0xd9) return drawn;
    // A byte of the coded picture that is 0xff, or a place to start anew in it.
    if (coded && (mark === 0 || (mark & 0xf8) === 0xd0)) continue;
    const length = number(yield 2);
    if (length < 2) return false;
    yield 2 - length;
    coded = mark === 0xda;
    drawn ||= coded;
  }
}

/** Block after block to the trailer. */
function* gif(): Walk {
  const colors = (flags = 0): number => (flags & 0x80 ? -3 * 2 ** ((flags & 7) + 1) : 0);
  yield colors((yield 13)[10]);
  for (let drawn = false; ; ) {
    const mark = number(yield 1);
    if (mark === 0x3b) return drawn;
    if (mark === 0x2c) {
      drawn = true;
      yield colors((yield 9)[8]);
    } else if (mark !== 0x21) return false;
    yield -1;
    for (let size = number(yield 1); size > 0; size = number(yield 1)) yield -size;
  }
}

/** As long as it says, whether or not the byte that makes it even is there. */
function* webp(): Walk {
  const head = yield 20;
  const [size, first] = [number(head.slice(4, 8).reverse()), number(head.slice(16).reverse())];
  if (first < 5 || first > size - 12) return false;
  yield 13 - size;
  return true;
}

/** Box after box, until there were the description and the data. */
function* avif(): Walk {
  for (let seen = ''; ; ) {
    const head = yield 8;
    const size = number(head.subarray(0, 4));
    seen += text(head.subarray(4));
    const isDone = /meta|moov/.test(seen) && /mdat/.test(seen);
    // Without a size a box is the last.
    if (size < 8) return isDone && size === 0;
    yield 8 - size;
    if (isDone) return true;
  }
}

const walks: Readonly<Record<MediaType, () => Walk>> = {
  'image/png': png,
  'image/jpeg': jpeg,
  'image/webp': webp,
  'image/gif': gif,
  'image/avif': avif,
};

/**
 * Follows a file that begins like a picture through its structure, piece by piece: what is put in returns false as soon
 * as it is none, such as a script behind the first bytes of one. Without a piece it is over: false unless it was whole.
 * What stands behind the end of a picture is not looked at.
 */
export function followPicture(type: MediaType): (piece?: Uint8Array) => boolean {
  const walk = walks[type]();
  let { done, value: wanted } = walk.next();
  let rest = none;
  const go = (bytes: Uint8Array): void => {
    ({ done, value: wanted } = walk.next(bytes));
  };
  return (piece) => {
    const bytes = concat([rest, piece ?? none], rest.length + (piece?.length ?? 0));
    let at = 0;
    const take = (length: number): Uint8Array => {
      at += length;
      return bytes.subarray(at - length, at);
    };
    while (!done) {
      const left = bytes.length - at;
      if (wanted === Number.POSITIVE_INFINITY) {
        const found = bytes.indexOf(0xff, at) - at;
        take(found < 0 ? left : found + 1);
        if (found < 0) break;
        go(none);
      } else if (Number(wanted) > 0) {
        if (left < Number(wanted)) break;
        go(take(Number(wanted)));
      } else {
        wanted = Number(wanted) + take(Math.min(-wanted, left)).length;
        if (wanted < 0) break;
        go(none);
      }
    }
    rest = bytes.slice(at);
    return done ? wanted === true : piece !== undefined;
  };
}

const none = new Uint8Array();
