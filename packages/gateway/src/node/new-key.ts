import { createHash, randomBytes } from 'node:crypto';
import type { GatewayKey } from '../keys.ts';

/** A key that nobody can guess, and the entry that recognises it. The key stands nowhere else: it is shown once. */
export function newKey(id: string): { readonly key: string; readonly entry: GatewayKey } {
  const key = `ip-${randomBytes(24).toString('base64url')}`;
  return { key, entry: { id, sha256: createHash('sha256').update(key).digest('hex') } };
}
