import type { Adapter } from '../contract/adapter.ts';
import type { ImageRequest } from '../contract/request.ts';
import { noteHost } from '../request/known-hosts.ts';
import { type Account, createAccount } from './account.ts';
import type { Host } from './host.ts';
import { checkOptions, type ProviderOptions } from './options.ts';

/** An id of the tables, which completes in an editor, or any other id of the host. */
export type ModelId<Known extends string = string> = Known | (string & {});

/** One account at one host: callable with a model id, portable or the host's own. */
export interface Provider<Id extends string = string> {
  (modelId: Id): ImageModel;
  readonly provider: string;
  readonly adapter: Adapter;
  /** For the engine, which opens the account when it is first used. Not for users. */
  readonly '~account': OpenableAccount;
}

/** An account, and its host once somebody has used it. */
export interface OpenableAccount {
  readonly account: Account;
  readonly options: Omit<ProviderOptions, 'apiKey'>;
  host?: Host;
}

/** What makes the picture: a model id at an account. */
export interface ImageModel {
  readonly provider: Provider;
  readonly modelId: string;
}

/** A model as a route holds it. */
export interface RouteModel extends ImageModel {
  /** What differs at this model from the request of the call. */
  readonly overrides?: Partial<ImageRequest>;
  /** Which of several accounts at its host, counted in the order of the models as they were given; absent: the first. */
  readonly account?: number;
  /** Why it stands where it stands, in words. */
  readonly chosen?: string;
}

/** Joins an adapter and an account. Reads nothing and sends nothing until a model is used. */
export function createProvider<Id extends string = string>(
  adapter: Adapter<Id>,
  options: ProviderOptions = {},
): Provider<ModelId<Id>> {
  checkOptions(adapter, options);
  noteHost(adapter.name);
  // The key lives in the account alone.
  const { apiKey: _, ...rest } = options;
  const account = createAccount(adapter, options);
  const provider: Provider<ModelId<Id>> = Object.assign((modelId: ModelId<Id>): ImageModel => ({ provider, modelId }), {
    provider: adapter.name,
    adapter,
    '~account': { account, options: rest },
  });
  return Object.defineProperty(provider, 'name', { value: adapter.name });
}
