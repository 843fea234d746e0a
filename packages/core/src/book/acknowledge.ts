import { ImageError } from '../errors/image-error.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { foldRecord } from '../ledger/reduce.ts';
import { currentJob, phaseOf } from '../ledger/state.ts';

export interface AcknowledgeImagesOptions {
  readonly ledger: Ledger;
  /** Of the call that was made with `acknowledge: 'manual'`. */
  readonly intentId: string;
  /** How many pictures were asked for. @default 1 */
  readonly n?: number | undefined;
}

/** Milliseconds; two writes fit into it on a slow disk. */
const lease = 10_000;
/** Milliseconds between looks at an intent that somebody holds. */
const gaps = [10, 100, 1_000];

/**
 * Says that the caller has the finished pictures of a call: their intents are closed. One that is not finished, or that
 * somebody else works on, stays as it is. Rejects when the ledger cannot write: then they stay open, and are handed
 * over again.
 */
export async function acknowledgeImages({ ledger, intentId, n = 1 }: AcknowledgeImagesOptions): Promise<void> {
  await Promise.all(idsOf(intentId, n).map((id) => acknowledge(ledger, id)));
}

/** The intents of a call: the first picture has the call's own id. */
export const idsOf = (intentId: string, n: number): readonly string[] =>
  Array.from({ length: n }, (_, index) => (index === 0 ? intentId : `${intentId}#${index + 1}`));

async function acknowledge(ledger: Ledger, id: string): Promise<void> {
  const owner = crypto.randomUUID();
  let claim = await claimed(ledger, id, { owner, duration: lease });
  // The call that made it may still be giving it back.
  for (const gap of gaps) {
    if (claim !== null) break;
    await new Promise((resolve) => setTimeout(resolve, gap));
    claim = await claimed(ledger, id, { owner, duration: lease });
  }
  if (!claim) return;
  try {
    const state = foldRecord(claim.record);
    if (phaseOf(state) !== 'settled' || currentJob(state)?.settled?.outcome !== 'completed') return;
    await ledger.append(id, claim.fence, { type: 'delivered', at: Date.now() });
  } finally {
    await ledger.claim(id, owner, 0).catch(() => undefined);
  }
}

/** Null while somebody else has it, undefined where the ledger knows no such intent. */
export async function claimed(
  ledger: Ledger,
  id: string,
  { owner, duration }: { readonly owner: string; readonly duration: number },
): Promise<Awaited<ReturnType<Ledger['claim']>> | undefined> {
  try {
    return await ledger.claim(id, owner, duration);
  } catch (error) {
    if (ImageError.is(error) && error.reason === 'unknown_intent') return undefined;
    throw error;
  }
}
