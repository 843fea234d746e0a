import { invalid } from '../errors/invalid.ts';
import type { WebhookEvent } from './event.ts';

/** Where the deliveries that were handled are remembered. One for all the processes of a service needs a store they share. */
export interface SeenWebhooks {
  /** Notes a key, in one step; false when it was there. */
  add(key: string): boolean | Promise<boolean>;
  /** Forgets a key: its delivery was not handled. When it fails, it is called again before the next try is judged here. */
  delete(key: string): unknown;
}

export interface ReplayGuardOptions {
  /** Deliveries that this process remembers, at least 1; the oldest are forgotten first. @default 10000 */
  readonly most?: number | undefined;
  /** Remembers them elsewhere, instead of `most` in this process. */
  readonly seen?: SeenWebhooks | undefined;
}

/** Lets every delivery have its effect once, however often it comes. */
export interface ReplayGuard {
  /**
   * Runs `handle` for a verified event, unless that delivery was handled before. Resolves with whether it ran: either
   * way the answer to the host is 2xx. What `handle` throws is thrown, and the host's next try counts as the first.
   * A copy that comes while `handle` runs waits for its end.
   */
  once(event: Pick<WebhookEvent, 'provider' | 'delivery'>, handle: () => unknown): Promise<boolean>;
}

/**
 * Tells a delivery from its copies: a signature is as right the second time. Give it what a verifier returned, never
 * what was not verified. Throws `invalid_request` for a `most` below 1.
 */
export function createReplayGuard({ most = 10_000, seen = rememberHere(most) }: ReplayGuardOptions = {}): ReplayGuard {
  if (!(typeof most === 'number' && most >= 1)) {
    throw invalid(
      `\`most\` of a replay guard must be a number of 1 or more, not ${String(most)}: leave it out for 10000`,
    );
  }
  const handling = new Map<string, Promise<unknown>>();
  const unforgotten = new Set<string>();
  const forget = async (key: string): Promise<void> => {
    unforgotten.add(key);
    await seen.delete(key);
    unforgotten.delete(key);
  };
  return {
    async once({ provider, delivery }, handle) {
      const key = `${provider}:${delivery}`;
      for (let other = handling.get(key); other; other = handling.get(key)) await other.catch(() => undefined);
      let ran = false;
      const work = (async () => {
        if (unforgotten.has(key)) await forget(key);
        if (!(await seen.add(key))) return;
        ran = true;
        try {
          await handle();
        } catch (error) {
          // Why it was not handled is what the caller must know.
          await forget(key).catch(() => undefined);
          throw error;
        }
      })();
      handling.set(key, work);
      try {
        await work;
      } finally {
        handling.delete(key);
      }
      return ran;
    },
  };
}

function rememberHere(most: number): SeenWebhooks {
  const keys = new Set<string>();
  return {
    add(key) {
      if (keys.has(key)) return false;
      keys.add(key);
      if (keys.size > most) keys.delete(keys.values().next().value ?? '');
      return true;
    },
    delete: (key) => keys.delete(key),
  };
}
