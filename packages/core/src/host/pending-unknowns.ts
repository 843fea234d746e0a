import { requestKey } from '../ledger/fingerprint.ts';
import { forgetOldest } from '../ledger/forget-oldest.ts';
import type { Intent } from '../ledger/ledger.ts';

type Request = Pick<Intent, 'id' | 'request'>;

/** Intents whose outcome is unknown: a caller that repeats such a request soon is warned. */
export interface PendingUnknowns {
  remember(intent: Request): void;
  /** It is known now what became of the intent. */
  settle(intent: Request): void;
  /** Another intent with the same request, left open a short while ago. */
  recall(intent: Request): string | undefined;
}

/** Milliseconds for which a second call is likely to be the same person trying again. */
const recent = 15 * 60_000;
const mostKept = 1_000;

export function createPendingUnknowns(): PendingUnknowns {
  const open = new Map<string, { readonly id: string; readonly at: number }>();
  return {
    remember({ id, request }) {
      open.set(requestKey(request), { id, at: performance.now() });
      forgetOldest(open, mostKept);
    },
    settle({ id }) {
      for (const [key, unknown] of open) if (unknown.id === id) open.delete(key);
    },
    recall({ id, request }) {
      const found = open.size > 0 ? open.get(requestKey(request)) : undefined;
      return found && found.id !== id && performance.now() - found.at < recent ? found.id : undefined;
    },
  };
}
