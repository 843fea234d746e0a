import { invalid } from '../errors/invalid.ts';
import { sortKeys } from '../ledger/fingerprint.ts';

/**
 * Equal for equal requests: SHA-256 over the fields in one order, pictures by their bytes. Give it what the request
 * means (prompt, number, size, model and where it leads), never the raw body: the boundaries of a multipart body are random.
 * Throws `invalid_request` for what is no plain data.
 */
export async function fingerprintOf(request: Readonly<Record<string, unknown>>): Promise<string> {
  return hash(JSON.stringify(sortKeys(await plain(request, 0))));
}

/** Hexadecimal SHA-256 of texts, told apart where one ends and the next begins, or of bytes. */
export async function hash(...parts: readonly (string | Uint8Array)[]): Promise<string> {
  const [first] = parts;
  const bytes = first instanceof Uint8Array ? first : new TextEncoder().encode(JSON.stringify(parts));
  if (bytes.length <= mostAtOnce && hashAtOnce) return hashAtOnce('sha256', bytes);
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Bytes that are hashed before anything else goes on: for a prompt, a thread of its own costs twenty times the work. */
const mostAtOnce = 65_536;

type Hash = (algorithm: string, data: Uint8Array) => string;
interface Modules {
  getBuiltinModule?(id: string): { readonly hash?: Hash } | undefined;
}

/** Node's own hash where there is one; every runtime has the other. */
const hashAtOnce = (globalThis as { readonly process?: Modules }).process?.getBuiltinModule?.('node:crypto')?.hash;

const deepest = 32;

async function plain(value: unknown, depth: number): Promise<unknown> {
  if (depth > deepest) throw invalid(`a request is nested at most ${deepest} levels deep`);
  if (value instanceof Uint8Array) return { bytes: await hash(value) };
  if (value instanceof ArrayBuffer) return { bytes: await hash(new Uint8Array(value)) };
  if (value instanceof URL) return value.href;
  if (Array.isArray(value)) return Promise.all(value.map((each) => plain(each, depth + 1)));
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') {
    throw invalid(`a ${typeof value} has no fingerprint; give plain data, bytes or URLs`);
  }
  if (typeof value !== 'object' || value === null) return value;
  const known = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(
    await Promise.all(known.map(async ([name, each]) => [name, await plain(each, depth + 1)] as const)),
  );
}
