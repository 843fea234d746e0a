import type { Json } from '../contract/json.ts';

/** A value with what it was when it was read. */
export interface Stored {
  readonly value: Json;
  /** Other than that of every earlier value of the same key. */
  readonly version: number;
}

/**
 * Where a book keeps what scopes have spent. `testBookStore` in `@imageport/core/testing` is the suite that an
 * implementation must pass.
 */
export interface BookStore {
  read(key: string): Promise<Stored | undefined>;
  /**
   * Writes only if the key still has this version, undefined for none, and says whether it did. Durable when it resolves,
   * as far as the store is.
   */
  write(key: string, value: Json, version: number | undefined): Promise<boolean>;
}

/** For one process; gone with it. */
export function createMemoryBookStore(): BookStore {
  const values = new Map<string, Stored>();
  return {
    read: async (key) => values.get(key),
    async write(key, value, version) {
      if (values.get(key)?.version !== version) return false;
      values.set(key, { value: structuredClone(value), version: (version ?? 0) + 1 });
      return true;
    },
  };
}
