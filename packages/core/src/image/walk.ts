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

/** Segment after segment, the coded picture behind each SOS, to EOI. `show`: from here on viewers show what there is. */
function* jpeg(show: () => void): Walk {
  yield -2;
  for (let [framed, drawn, coded] = [false, false, false]; ; ) {
    if (coded && framed) show();
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
    framed ||= (mark & 0xf0) === 0xc0 && ![0xc4, 0xc8, 0xcc].includes(mark);
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

const walks: Readonly<Record<MediaType, (show: () => void) => Walk>> = {
  'image/png': png,
  'image/jpeg': jpeg,
  'image/webp': webp,
  'image/gif': gif,
  'image/avif': avif,
};

/** A file on its way, followed through its structure. */
export interface Follower {
  /** Takes the next piece. False as soon as the file is no picture, such as a script behind the first bytes of one. */
  take(piece: Uint8Array): boolean;
  /**
   * What it was. `cut`: it has no end, and is shown as far as it goes, as viewers do with a JPEG whose end marker is
   * missing. Undefined: no picture.
   */
  end(): 'whole' | 'cut' | undefined;
}

/** Follows a file that begins like a picture, piece by piece. What stands behind the end of a picture is not looked at. */
export function followPicture(type: MediaType): Follower {
  const position = { at: 0, shownAt: Number.POSITIVE_INFINITY };
  const walk = walks[type](() => {
    position.shownAt = Math.min(position.shownAt, position.at);
  });
  let next = walk.next();
  let rest = none;
  return {
    take(piece) {
      let left: Uint8Array = concat([rest, piece], rest.length + piece.length);
      while (!next.done) {
        const { size, isEnough } = measure(next.value, left);
        const taken = left.subarray(0, size);
        left = left.subarray(size);
        position.at += size;
        if (isEnough) next = walk.next(taken);
        else if (next.value < 0) next = { done: false, value: next.value + size };
        if (!isEnough) break;
      }
      rest = left.slice();
      return next.done !== true || next.value;
    },
    end() {
      if (next.done) return next.value ? 'whole' : undefined;
      return position.at + rest.length > position.shownAt ? 'cut' : undefined;
    },
  };
}

/** How many of these bytes are next, and whether they are all that is wanted. */
function measure(wanted: number, bytes: Uint8Array): { readonly size: number; readonly isEnough: boolean } {
  if (wanted === Number.POSITIVE_INFINITY) {
    const found = bytes.indexOf(0xff) + 1;
    return { size: found || bytes.length, isEnough: found > 0 };
  }
  const isEnough = bytes.length >= Math.abs(wanted);
  if (wanted > 0) return { size: isEnough ? wanted : 0, isEnough };
  return { size: Math.min(-wanted, bytes.length), isEnough };
}

const none = new Uint8Array();
