import { invalid } from '../errors/invalid.ts';
import type { WebhookEvent } from './event.ts';

/** Where the deliveries that were handled are remembered. One for all the processes of a service needs a store they share. */
export interface SeenWebhooks {
  /**
   * Notes a key and which try notes it, in one step; false when another try noted it before. When it fails, the next try
   * here asks again with the same `by`, and true lets that one handle the delivery. A store that does not compare `by`
   * answers false to that, and a delivery whose answer was lost is not handled.
   */
  add(key: string, by: string): boolean | Promise<boolean>;
  /** Forgets a key: its delivery was not handled. When it fails, it is called again before the next try is judged here. */
  delete(key: string): unknown;
}

export interface ReplayGuardOptions {
  /** Deliveries that this process remembers, at least 1; the oldest are forgotten first. @default 10000 */
  readonly most?: number | undefined;
  /** Remembers them elsewhere, instead of `most` in this process; then `most` are those that it failed to note. */
  readonly seen?: SeenWebhooks | undefined;
}

/**
 * Lets every delivery have its effect once, however often it comes. Over a store that processes share this is at most once:
 * a delivery is lost if the process ends while it is handled, if it fails after a copy came to another process meanwhile,
 * or if the store fails after it noted it and the next try comes to another process. `pollImage` covers all of these.
 */
export interface ReplayGuard {
  /**
   * Runs `handle` for a verified event, unless that delivery was handled before. Resolves with whether it ran: either
   * way the answer to the host is 2xx. What `handle` throws is thrown, and the host's next try counts as the first.
   * A copy that comes to this process while `handle` runs waits for its end. Throws `invalid_request` for an event without
   * `provider` or `delivery`, by which it could not be told from others.
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
  const take = createTake(seen, most);
  const forget = async (key: string): Promise<void> => {
    unforgotten.add(key);
    await seen.delete(key);
    unforgotten.delete(key);
  };
  return {
    async once(event, handle) {
      const key = toKey(event);
      for (let other = handling.get(key); other; other = handling.get(key)) await other.catch(() => undefined);
      let ran = false;
      const work = (async () => {
        if (unforgotten.has(key)) await forget(key);
        if (!(await take(key))) return;
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

/** Notes a key; after a failure, for which it may be noted or not, as the same try. */
function createTake(seen: SeenWebhooks, most: number): (key: string) => Promise<boolean> {
  const unsure = new Map<string, string>();
  return async (key) => {
    const by = unsure.get(key) ?? crypto.randomUUID();
    try {
      const isFirst = await seen.add(key, by);
      unsure.delete(key);
      return isFirst;
    } catch (error) {
      unsure.set(key, by);
      if (unsure.size > most) unsure.delete(unsure.keys().next().value ?? '');
      throw error;
    }
  };
}

function toKey(event: Pick<WebhookEvent, 'provider' | 'delivery'>): string {
  const { provider, delivery }: Record<string, unknown> = Object(event);
  for (const [field, value] of Object.entries({ provider, delivery })) {
    if (typeof value === 'string' && value !== '') continue;
    throw invalid(
      `\`${field}\` of an event must be a text that is not empty: give a replay guard what a verifier returned`,
    );
  }
  return `${provider}:${delivery}`;
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
