import type { Intent } from '../ledger/ledger.ts';
import { wishKey } from '../ledger/wish.ts';

type Wish = Pick<Intent, 'id' | 'request'>;

/** Intents of which nobody knows whether they were paid: whoever asks for the same picture again soon is warned. */
export interface OpenQuestions {
  remember(intent: Wish): void;
  /** It is known now what became of the intent. */
  settle(intent: Wish): void;
  /** Another intent with the same wish, left open a short while ago. */
  recall(intent: Wish): string | undefined;
}

/** Milliseconds for which a second call is likely to be the same person trying again. */
const recent = 15 * 60_000;
const mostKept = 1_000;

export function createOpenQuestions(): OpenQuestions {
  const open = new Map<string, { readonly id: string; readonly at: number }>();
  return {
    remember({ id, request }) {
      open.set(wishKey(request), { id, at: performance.now() });
      if (open.size > mostKept) open.delete(open.keys().next().value ?? '');
    },
    settle({ id }) {
      for (const [wish, question] of open) if (question.id === id) open.delete(wish);
    },
    recall({ id, request }) {
      const found = open.size > 0 ? open.get(wishKey(request)) : undefined;
      return found && found.id !== id && performance.now() - found.at < recent ? found.id : undefined;
    },
  };
}
