import { createHash } from 'node:crypto';

/** Where in a line a long text was taken out, and its SHA-256. */
export type BlobRef = readonly [path: readonly (string | number)[], hash: string];

/** Reference pictures and other long texts, each kept once for all the lines that carry it. */
export interface Blobs {
  /** Characters that are kept at the moment. */
  readonly size: number;
  /** What a line carries, with its long texts taken out. */
  take(value: unknown): Taken;
  has(hash: string): boolean;
  /** Knows a text that a file holds. */
  learn(hash: string, text: string): void;
  /** Puts the long texts back; one that is lost leaves a placeholder. False when one was lost. */
  restore(value: object, refs: readonly BlobRef[]): boolean;
  retain(hashes: readonly string[]): void;
  /** Forgets what nobody else retains. */
  release(hashes: readonly string[]): void;
  /** Forgets what was learned and nobody retains. */
  prune(): void;
  entries(): Iterable<readonly [hash: string, text: string]>;
}

export interface Taken {
  readonly value: unknown;
  readonly refs: readonly BlobRef[];
  /** By hash, each once. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Characters from which a text is worth a line of its own. */
const long = 4_096;

export function createBlobs(): Blobs {
  const texts = new Map<string, { readonly text: string; users: number }>();
  const hashes = new Map<string, string>();
  let size = 0;
  const learn = (hash: string, text: string): void => {
    if (texts.has(hash)) return;
    texts.set(hash, { text, users: 0 });
    hashes.set(text, hash);
    size += text.length;
  };
  const forget = (hash: string): void => {
    const { text = '' } = texts.get(hash) ?? {};
    texts.delete(hash);
    hashes.delete(text);
    size -= text.length;
  };
  return {
    get size() {
      return size;
    },
    take(value) {
      const refs: BlobRef[] = [];
      const found = new Map<string, string>();
      const slim = withoutTexts(value, [], (text, path) => {
        const hash = hashes.get(text) ?? createHash('sha256').update(text).digest('hex');
        found.set(hash, text);
        refs.push([path, hash]);
      });
      return { value: slim, refs, texts: found };
    },
    has: (hash) => texts.has(hash),
    learn,
    restore(value, refs) {
      const found = refs.map(([path, hash]) => {
        const text = texts.get(hash)?.text;
        put(value, path, text ?? `data:#missing-${hash}`);
        return text !== undefined;
      });
      return found.every(Boolean);
    },
    retain(used) {
      for (const hash of used) {
        const blob = texts.get(hash);
        if (blob) blob.users += 1;
      }
    },
    release(used) {
      for (const hash of used) {
        const blob = texts.get(hash);
        if (blob) blob.users -= 1;
        if (blob && blob.users <= 0) forget(hash);
      }
    },
    prune() {
      for (const [hash, { users }] of texts) if (users <= 0) forget(hash);
    },
    *entries() {
      for (const [hash, { text }] of texts) yield [hash, text];
    },
  };
}

type Found = (text: string, path: readonly (string | number)[]) => void;

function withoutTexts(value: unknown, path: readonly (string | number)[], found: Found): unknown {
  if (typeof value === 'string' && value.length > long) {
    found(value, path);
    return '';
  }
  if (Array.isArray(value)) return value.map((member, index) => withoutTexts(member, [...path, index], found));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, withoutTexts(member, [...path, name], found)]),
  );
}

function put(value: object, path: readonly (string | number)[], text: string): void {
  const last = path.at(-1);
  const holder = path.slice(0, -1).reduce<unknown>((at, name) => (isHolder(at) ? at[name] : undefined), value);
  if (last !== undefined && isHolder(holder) && Object.hasOwn(holder, last)) holder[last] = text;
}

const isHolder = (value: unknown): value is Record<string | number, unknown> =>
  typeof value === 'object' && value !== null;
