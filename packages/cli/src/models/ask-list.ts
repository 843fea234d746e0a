import type { Adapter, ImageError, ListReading, ModelList } from '@imageport/core';
import type { Accounts } from '../accounts.ts';
import { askFreely, type FreeAnswer } from '../ask-freely.ts';
import { type HostEntry, hosts } from '../hosts.ts';
import type { Io } from '../io.ts';
import { refusal } from '../usage.ts';

/** Milliseconds until a list begins, and as many until it ends; the most bytes of it. */
const timeout = 60_000;
const mostBytes = 32 * 1024 * 1024;

/** A host's own list of models, or why there is none. */
export type HostList = { readonly provider: HostEntry['name'] } & (
  | { readonly body: unknown; readonly reading: ListReading }
  /** It was not asked, for want of a key. */
  | { readonly without: string }
  | { readonly error: ImageError }
);

/** Asks every host for its list, or only one. A host that wants a key and has none is left out, unless it was named. */
export function askLists(io: Pick<Io, 'env'>, accounts: Accounts, only: string | undefined): Promise<HostList[]> {
  const asked = hosts.filter(({ name }) => only === undefined || name === only);
  return Promise.all(asked.map((host) => askList(host, { io, accounts, isNamed: only !== undefined })));
}

interface Asking {
  readonly io: Pick<Io, 'env'>;
  readonly accounts: Accounts;
  readonly isNamed: boolean;
}

async function askList({ name, adapter }: HostEntry, { io, accounts, isNamed }: Asking): Promise<HostList> {
  const provider = name;
  const list = adapter.catalogue?.list;
  if (!list) return { provider, without: 'it has no list of its models' };
  const key = io.env[adapter.env.apiKey]?.trim();
  if (!key && !list.open) {
    const lacking = accounts.lacking[name] ?? '';
    if (key === undefined && !isNamed) return { provider, without: lacking };
    return { provider, error: refusal('unauthenticated', `${name} shows its list to a key only, and ${lacking}`) };
  }
  const baseUrl = accounts.addresses[name] ?? adapter.baseUrl;
  const answer = await askFreely({
    ...{ adapter, baseUrl, request: list.request, timeout, mostBytes },
    ...(list.open ? {} : { key }),
  });
  const error = problemOf(answer, { name, adapter, baseUrl });
  if (error) return { provider, error };
  const { body } = answer.exchange;
  const reading = await read(list, body);
  if (reading) return { provider, body, reading };
  return {
    provider,
    error: refusal('invalid_response', `${name} (${baseUrl}) answers with what is no list of its models`),
  };
}

interface Asked {
  readonly name: string;
  readonly adapter: Adapter;
  readonly baseUrl: string;
}

function problemOf({ status, why, exchange }: FreeAnswer, { name, adapter, baseUrl }: Asked): ImageError | undefined {
  if (status === undefined)
    return refusal('unavailable', `${name} (${baseUrl}) cannot be reached (${why}): check the network and the address`);
  if (status === 401 || status === 403)
    return refusal('unauthenticated', `${name} refuses the key in ${adapter.env.apiKey}: copy it again from its site`);
  if (status === 429)
    return refusal('rate_limited', `${name} (${baseUrl}) takes no more requests for now (HTTP 429): try again later`);
  if (status < 200 || status >= 300)
    return refusal(
      'unavailable',
      `${name} (${baseUrl}) answers with status ${status} instead of its list: try again later`,
    );
  if (exchange.bodyState === 'incomplete')
    return refusal(
      'invalid_response',
      `the list of ${name} (${baseUrl}) broke off, or is longer than 32 MiB: try again later`,
    );
  return undefined;
}

/** What a reader cannot read is no list. */
const read = (list: ModelList, body: unknown): Promise<ListReading | undefined> =>
  list.read(body).catch(() => undefined);
