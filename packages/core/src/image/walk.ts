import { concat } from '../host/read-body.ts';
import { bmp } from './bmp.ts';
import type { DeliveredType } from './media-type.ts';
import { followSvg } from './svg.ts';
import { tiff } from './tiff.ts';

/**
 * Reads a file from its beginning: gets so many bytes, or passes over so many if the number is negative, or over what a
 * `Span` says. Returns at the end of the picture; false: it is none.
 */
export type Walk = Generator<number | Span, boolean, Uint8Array>;

/** Passes over what may be long and of small pieces, in one step: how far, and whether that was its end. */
type Span = (bytes: Uint8Array) => { readonly size: number; readonly isEnough: boolean };

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

/** The coded picture, to behind the 0xff of the next marker; 0xff may be a byte of it, or a place to start anew in it. */
const coded: Span = (bytes) => {
  for (let at = bytes.indexOf(0xff); at >= 0; at = bytes.indexOf(0xff, at)) {
    const mark = bytes[at + 1];
    if (mark === undefined) return { size: at, isEnough: false };
    if (mark !== 0xff && mark !== 0 && (mark & 0xf8) !== 0xd0) return { size: at + 1, isEnough: true };
    at += mark === 0xff ? 1 : 2;
  }
  return { size: bytes.length, isEnough: false };
};

/** Segment after segment, the coded picture behind each SOS, to EOI. `show`: from here on viewers show what there is. */
function* jpeg(show: () => void): Walk {
  yield -2;
  for (let [framed, drawn, isCoded] = [false, false, false]; ; ) {
    if (isCoded && framed) show();
    if (isCoded) yield coded;
    else if (number(yield 1) !== 0xff) return false;
    let mark = 0xff;
    // Any number of 0xff may stand before a marker.
    while (mark === 0xff) mark = number(yield 1);
    if (mark === 0xd9) return drawn;
    const length = number(yield 2);
    if (length < 2) return false;
    yield 2 - length;
    isCoded = mark === 0xda;
    drawn ||= isCoded;
    framed ||= (mark & 0xf0) === 0xc0 && ![0xc4, 0xc8, 0xcc].includes(mark);
  }
}

/** Pieces of up to 255 bytes, each behind its length, to the one of none. */
const pieces: Span = (bytes) => {
  let at = 0;
  for (let length = bytes[at]; length !== undefined; length = bytes[at]) {
    if (length === 0) return { size: at + 1, isEnough: true };
    if (at + 1 + length > bytes.length) break;
    at += 1 + length;
  }
  return { size: at, isEnough: false };
};

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
    yield pieces;
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
  for (let [described, filled] = [false, false]; ; ) {
    const head = yield 8;
    const size = number(head.subarray(0, 4));
    const type = text(head.subarray(4));
    described ||= type === 'meta' || type === 'moov';
    filled ||= type === 'mdat';
    const isDone = described && filled;
    // Without a size a box is the last.
    if (size < 8) return isDone && size === 0;
    yield 8 - size;
    if (isDone) return true;
  }
}

const walks: Readonly<Record<Exclude<DeliveredType, 'image/svg+xml'>, (show: () => void) => Walk>> = {
  'image/png': png,
  'image/jpeg': jpeg,
  'image/webp': webp,
  'image/gif': gif,
  'image/avif': avif,
  'image/tiff': tiff,
  'image/bmp': bmp,
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

/** No picture has so many parts; nobody waits for one that is made of the smallest. */
const mostSteps = 2_000_000;

/**
 * Follows a file that begins like a picture, piece by piece. What stands behind the end of a picture is not looked at, but
 * behind that of an SVG, where it would be markup or a script.
 */
export const followPicture = (type: DeliveredType): Follower =>
  type === 'image/svg+xml' ? followSvg() : followWalk(walks[type]);

function followWalk(start: (show: () => void) => Walk): Follower {
  const position = { at: 0, shownAt: Number.POSITIVE_INFINITY };
  const walk = start(() => {
    position.shownAt = Math.min(position.shownAt, position.at);
  });
  let next = walk.next();
  let rest = none;
  let steps = 0;
  return {
    take(piece) {
      // Not even kept: a host may send as much as it is allowed to, in small pieces.
      if (next.done) return next.value;
      let left: Uint8Array = concat([rest, piece], rest.length + piece.length);
      while (!next.done) {
        const { size, isEnough } = measure(next.value, left);
        const taken = left.subarray(0, size);
        left = left.subarray(size);
        position.at += size;
        if (isEnough) next = walk.next(taken);
        else {
          if (Number(next.value) < 0) next = { done: false, value: Number(next.value) + size };
          break;
        }
        steps += 1;
        if (steps > mostSteps) next = { done: true, value: false };
      }
      rest = next.done ? none : left.slice();
      return next.done !== true || next.value;
    },
    end() {
      if (next.done) return next.value ? 'whole' : undefined;
      return position.at + rest.length > position.shownAt ? 'cut' : undefined;
    },
  };
}

/** How many of these bytes are next, and whether they are all that is wanted. */
function measure(wanted: number | Span, bytes: Uint8Array): ReturnType<Span> {
  if (typeof wanted === 'function') return wanted(bytes);
  const isEnough = bytes.length >= Math.abs(wanted);
  if (wanted > 0) return { size: isEnough ? wanted : 0, isEnough };
  return { size: Math.min(-wanted, bytes.length), isEnough };
}

const none = new Uint8Array();
