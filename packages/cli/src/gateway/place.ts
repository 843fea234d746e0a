import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { LedgerPlace } from '../ledger/place.ts';
import { makeFolder } from '../make-folder.ts';
import { writeNewFile } from '../new-file.ts';
import { readBounded } from '../read-bounded.ts';

/** The files of a gateway: its ledger, its budgets, and the secret of its addresses. */
export interface GatewayPlace {
  readonly ledger: string;
  readonly budgets: string;
  readonly secret: string;
}

/** Beside the ledgers of other commands, where `jobs` and `resume` find it. */
export function placeOf({ path, isFolder }: LedgerPlace): GatewayPlace {
  const ledger = isFolder ? join(path, 'gateway.jsonl') : path;
  const base = ledger.replace(/\.jsonl$/, '');
  return { ledger, budgets: `${base}.budgets`, secret: `${base}.secret` };
}

/** With the same secret, addresses of pictures hold over a restart. */
export async function openSecret({ secret }: GatewayPlace): Promise<string> {
  await makeFolder(dirname(secret), 0o700);
  const fresh = randomBytes(32).toString('base64url');
  try {
    await writeNewFile(secret, fresh, 0o600);
    return fresh;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return (await readBounded(secret, 1024)).toString('utf8');
  }
}
