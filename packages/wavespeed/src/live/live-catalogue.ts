import type { Adapter } from '@imageport/core';

/** Where a list is kept from one process to the next, such as `catalogueFile()` of `@imageport/wavespeed/node`. */
export interface CatalogueCache {
  read(): Promise<CachedList | undefined>;
  write(list: CachedList): Promise<void>;
}

/** The host's list as it was read. */
export interface CachedList {
  /** Whose list it is. */
  readonly baseUrl: string;
  /** Epoch milliseconds. */
  readonly readAt: number;
  readonly etag?: string;
  /** The body of the answer. */
  readonly body: unknown;
}

/** Who asks: the account that the models are used with. */
export interface ListAccess {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** The host's own list of models, made by `liveCatalogue()` of `@imageport/wavespeed/live`. */
export interface LiveCatalogue {
  /** For `createWavespeed`, which binds it to its account. Not for users. */
  readonly '~bind': (access: () => ListAccess) => Pick<NonNullable<Adapter['catalogue']>, 'load' | 'doubt'>;
}
