import { invalid } from '../errors/invalid.ts';

/** The items of a batch, read one after the other. */
export interface Source {
  /** The next item, or undefined at the end. Rejects with what the source throws. */
  read(): Promise<{ readonly item: unknown } | undefined>;
  /** Lets the source end before its end, as `break` does. A read that is under way is not waited for. */
  close(): Promise<void>;
}

/** Throws `invalid_request` for what cannot be iterated. */
export function openSource(items: unknown): Source {
  const iterator = iterate(items);
  let state: 'open' | 'reading' | 'ended' = 'open';
  return {
    async read() {
      state = 'reading';
      try {
        const { done, value } = await iterator.next();
        const item = done ? undefined : { item: await value };
        state = done ? 'ended' : 'open';
        return item;
      } catch (error) {
        state = 'ended';
        throw error;
      }
    },
    async close() {
      if (state === 'ended') return;
      const closing = async (): Promise<unknown> => iterator.return?.();
      if (state === 'open') await closing();
      else closing().catch(() => undefined);
      state = 'ended';
    },
  };
}

function iterate(items: unknown): AsyncIterator<unknown> | Iterator<unknown> {
  if (typeof items === 'object' && items !== null) {
    const source = items as Partial<AsyncIterable<unknown> & Iterable<unknown>>;
    if (typeof source[Symbol.asyncIterator] === 'function')
      return (source as AsyncIterable<unknown>)[Symbol.asyncIterator]();
    if (typeof source[Symbol.iterator] === 'function') return (source as Iterable<unknown>)[Symbol.iterator]();
  }
  throw invalid('`items` must be a list, a generator or another iterable of options');
}
