import type { Budget } from '@imageport/core/book';
import { Refusal } from './refusal.ts';

/** One key that clients may use. The key itself is nowhere: its hash recognises it. */
export interface GatewayKey {
  /** Whose it is, for budgets and logs; requests of different ids never meet. */
  readonly id: string;
  /** SHA-256 of the key, as 64 hexadecimal digits. */
  readonly sha256: string;
  /** Which of the gateway's models it may ask for. @default all of them */
  readonly models?: readonly string[] | undefined;
  /** What it may spend. @default no limit */
  readonly budget?: Budget | undefined;
  /** How many requests may run at the same time. @default no limit */
  readonly concurrency?: number | undefined;
}

/** The keys, or a function that is asked for them at each request, as `openKeys` of `@imageport/gateway/node` returns. */
export type KeySource = readonly GatewayKey[] | (() => readonly GatewayKey[] | Promise<readonly GatewayKey[]>);

/** Who asks without a key, where that is allowed. */
const anybody: GatewayKey = { id: 'open', sha256: '' };

/** Whose request it is. Throws a `Refusal`. */
export async function identify(request: Request, source: KeySource | 'open'): Promise<GatewayKey> {
  if (source === 'open') return refusePages(request);
  const [, given] = /^Bearer +(\S+) *$/i.exec(request.headers.get('authorization') ?? '') ?? [];
  const keys = await readSource(source);
  const found = given === undefined ? undefined : find(keys, await sha256(given));
  if (found) return found;
  throw new Refusal(
    'invalid_api_key',
    given === undefined
      ? 'there is no API key: send `Authorization: Bearer …`'
      : 'the API key is not one of this gateway',
  );
}

/** Where the keys are, and why they cannot be read, is not for clients. */
async function readSource(source: KeySource): Promise<readonly GatewayKey[]> {
  if (typeof source !== 'function') return source;
  try {
    return await source();
  } catch (cause) {
    throw new Error('the keys cannot be read', { cause });
  }
}

/** Without keys, a page that somebody has open could spend money here: browsers say where a request comes from. */
function refusePages({ headers }: Request): GatewayKey {
  const site = headers.get('sec-fetch-site') ?? 'none';
  if (headers.get('origin') === null && site === 'none') return anybody;
  throw new Refusal('forbidden_origin', 'web pages may use this gateway only with a key');
}

/** Looks at every key to its end, so that the time it takes tells nothing. */
function find(keys: readonly GatewayKey[], hash: string): GatewayKey | undefined {
  let found: GatewayKey | undefined;
  for (const key of keys) if (isSame(key.sha256.toLowerCase(), hash)) found = key;
  return found;
}

function isSame(one: string, other: string): boolean {
  let difference = one.length ^ other.length;
  for (let at = 0; at < other.length; at += 1) difference |= one.charCodeAt(at) ^ other.charCodeAt(at);
  return difference === 0;
}

/** A text as its hash, in hexadecimal digits. */
export async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
