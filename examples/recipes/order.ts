// What a browser may decide: the words, and the id of its own request. Model, size and price are yours.
import { Refused } from './failure.ts';

export interface Order {
  /** Asked for again under this id, the picture is the same one, paid once. */
  readonly intentId: string;
  readonly prompt: string;
}

/**
 * Reads a request for a picture. `key` is the header `Idempotency-Key`, which the browser draws once for a picture and sends again
 * with every retry. The user is part of the id, so that nobody gets at the request of another one; so are the words,
 * since other words are another picture. Throws `Refused`, before anything is spent.
 */
export async function toOrder(user: string | undefined, key: string | null | undefined, body: unknown): Promise<Order> {
  if (!user) throw new Refused(401, 'Sign in to make a picture');
  if (!key || !/^[\w-]{16,64}$/.test(key)) {
    throw new Refused(400, '`Idempotency-Key` must be 16 to 64 letters, digits, "-" or "_", the same for every retry');
  }
  const prompt: unknown = typeof body === 'object' && body !== null && 'prompt' in body ? body.prompt : undefined;
  if (typeof prompt !== 'string' || prompt.trim() === '' || prompt.length > 2_000) {
    throw new Refused(400, '`prompt` must be text of 1 to 2000 characters');
  }
  return { intentId: `${prefixOf(user)}${key}.${await digest(prompt)}`, prompt };
}

/** Whether a picture of this name was made for this user. */
export const isOwn = (user: string | undefined, name: string): boolean => !!user && name.startsWith(prefixOf(user));

/** Without "/" and "#". Neither keys nor digests have a ".", so no user has the prefix of another one. */
const prefixOf = (user: string): string => `${encodeURIComponent(user).replaceAll('.', '%2E')}.`;

async function digest(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
