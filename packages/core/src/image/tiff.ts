import type { Size } from '../contract/request.ts';
import type { Walk } from './walk.ts';

/** Bytes of one value of each type. */
const sizes: Readonly<Record<number, number>> = {
  ...{ 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4 },
};
const tags = { width: 256, height: 257, strips: 273, stripSizes: 279, tiles: 324, tileSizes: 325 } as const;
const headLength = 8;
const entryLength = 12;
const mostEntries = 1000;
/** Strips or tiles that are looked for one by one. */
const mostStrips = 65_536;

interface Entry {
  readonly type: number;
  readonly count: number;
  /** Bytes of its values, and where in the file they are. */
  readonly length: number;
  readonly at: number;
  /** The values themselves, or what stands where they would. */
  readonly inline: Uint8Array;
}

type Directory = ReadonlyMap<number, Entry>;

/**
 * To the end of what the first directory names: of its values, and of the strips or tiles of the picture as far as their
 * places stand behind or in the directory, which is where programs write them that do not write the directory last.
 */
export function* tiff(): Walk {
  const head = yield headLength;
  const little = head[0] === 0x49;
  const start = uint(head, 4, 4, little);
  if (start < headLength) return false;
  yield headLength - start;
  const count = uint(yield 2, 0, 2, little);
  if (count < 1 || count > mostEntries) return false;
  const directory = readDirectory(yield count * entryLength, start + 2, little);
  const data = directory && dataOf(directory);
  if (!directory || !data || !sizeOf(directory, little)) return false;
  let at = start + 2 + count * entryLength;
  const found: number[][] = [];
  for (const entry of data.toSorted((one, other) => one.at - other.at)) {
    const isInline = entry.length <= 4;
    if (entry.count > mostStrips || (!isInline && entry.at < at)) continue;
    if (!isInline) yield at - entry.at;
    found[data.indexOf(entry)] = valuesOf(entry, isInline ? entry.inline : yield entry.length, little);
    if (!isInline) at = entry.at + entry.length;
  }
  const [places = [], lengths = []] = found;
  const ends = lengths.map((length, index) => (places[index] ?? 0) + length);
  const end = [...directory.values()].reduce((most, entry) => Math.max(most, endOf(entry)), at);
  yield at - ends.reduce((most, each) => Math.max(most, each), end);
  return true;
}

/** Pixel size of a TIFF, if its first directory is among these bytes. */
export function readTiff(bytes: Uint8Array): Size | undefined {
  const little = bytes[0] === 0x49;
  const start = uint(bytes, 4, 4, little);
  const count = uint(bytes, start, 2, little);
  const entries = bytes.subarray(start + 2, start + 2 + count * entryLength);
  const directory = entries.length === count * entryLength ? readDirectory(entries, start + 2, little) : undefined;
  return directory && sizeOf(directory, little);
}

/** Undefined where a type is none, or where what should be numbers is a text. */
function readDirectory(bytes: Uint8Array, start: number, little: boolean): Directory | undefined {
  const directory = new Map<number, Entry>();
  for (let at = 0; at < bytes.length; at += entryLength) {
    const type = uint(bytes, at + 2, 2, little);
    const count = uint(bytes, at + 4, 4, little);
    const size = sizes[type];
    if (size === undefined) return undefined;
    const length = count * size;
    const inline = bytes.subarray(at + 8, at + entryLength);
    const place = length <= 4 ? start + at + 8 : uint(inline, 0, 4, little);
    directory.set(uint(bytes, at, 2, little), { type, count, length, at: place, inline });
  }
  return directory;
}

/** Where the strips or tiles are, and how long; undefined where there are none. */
function dataOf(directory: Directory): readonly [Entry, Entry] | undefined {
  const places = directory.get(tags.strips) ?? directory.get(tags.tiles);
  const lengths = directory.get(tags.stripSizes) ?? directory.get(tags.tileSizes);
  return places && lengths && places.count > 0 && places.count === lengths.count ? [places, lengths] : undefined;
}

function sizeOf(directory: Directory, little: boolean): Size | undefined {
  const [width = 0, height = 0] = [tags.width, tags.height].map((tag) => {
    const entry = directory.get(tag);
    return entry?.count === 1 ? valuesOf(entry, entry.inline, little)[0] : 0;
  });
  return width > 0 && height > 0 ? { width, height } : undefined;
}

const endOf = ({ at, length }: Entry): number => at + length;

/** The values of an entry of whole numbers; none of any other. */
function valuesOf({ type, count }: Entry, bytes: Uint8Array, little: boolean): number[] {
  const size = type === 3 ? 2 : 4;
  if (type !== 3 && type !== 4) return [];
  return Array.from({ length: count }, (_, index) => uint(bytes, index * size, size, little));
}

/** A whole number without a sign; NaN where it does not stand among the bytes. */
function uint(bytes: Uint8Array, at: number, size: number, little: boolean): number {
  const own = bytes.slice(at, at + size);
  if (own.length < size) return Number.NaN;
  return (little ? own.reverse() : own).reduce((sum, byte) => sum * 256 + byte, 0);
}
