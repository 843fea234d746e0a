import type { GatewayKey } from './keys.ts';
import { Refusal } from './refusal.ts';

/** How many intents of each key are under way. */
export interface Slots {
  /** Takes a place until the returned function is called. Who asks again for what runs already shares its place. Throws a `Refusal`. */
  take(key: GatewayKey, intentId: string): () => void;
}

/** Milliseconds after which a place may be free. */
const pause = 2_000;

export function createSlots(): Slots {
  const running = new Map<string, Map<string, number>>();
  return {
    take({ id, concurrency = Number.POSITIVE_INFINITY }, intentId) {
      const own = running.get(id) ?? new Map<string, number>();
      const before = own.get(intentId) ?? 0;
      if (before === 0 && own.size >= concurrency) {
        const message = `this key may have ${concurrency} requests under way, and has them`;
        throw new Refusal('rate_limit_exceeded', message, { retry: true, retryAfter: pause });
      }
      running.set(id, own.set(intentId, before + 1));
      return () => {
        const left = (own.get(intentId) ?? 1) - 1;
        if (left > 0) own.set(intentId, left);
        else own.delete(intentId);
        if (own.size === 0 && running.get(id) === own) running.delete(id);
      };
    },
  };
}
