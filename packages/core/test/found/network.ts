import type { Ledger } from '../../src/index.ts';
import type { Random } from '../history/random.ts';
import { pause } from './kit.ts';

/** What a network sees of one call of a ledger. */
export interface LedgerCall {
  readonly method: 'begin' | 'claim' | 'append' | 'find';
  readonly intentId?: string;
  /** Milliseconds for which the intent is taken; 0 gives it back. */
  readonly lease?: number;
}

export interface Network {
  /** Milliseconds that a request takes there, and as many for its reply. */
  latency(call: LedgerCall): number;
  losesRequest?(call: LedgerCall): boolean;
  losesReply?(call: LedgerCall): boolean;
}

/** A store behind a pool of connections: requests overtake each other, and replies may be lost. */
export function networked(store: Ledger, network: Network): Ledger {
  const over = async <T>(call: LedgerCall, work: () => Promise<T>): Promise<T> => {
    await pause(network.latency(call));
    if (network.losesRequest?.(call)) throw new Error('the connection was refused');
    const reply = await work();
    await pause(network.latency(call));
    if (network.losesReply?.(call)) throw new Error('the connection was terminated');
    return reply;
  };
  return {
    durability: 'replicated',
    shared: true,
    begin: (intent, lease) =>
      over({ method: 'begin', intentId: intent.id, ...(lease && { lease: lease.duration }) }, () =>
        store.begin(intent, lease),
      ),
    claim: (intentId, owner, lease) =>
      over({ method: 'claim', intentId, lease }, () => store.claim(intentId, owner, lease)),
    append: (intentId, ...rest) => over({ method: 'append', intentId }, () => store.append(intentId, ...rest)),
    find: (query) => over({ method: 'find' }, () => store.find(query)),
    open: store.open,
  };
}

/** A network that takes up to so many milliseconds each way, another time for every request and reply. */
export const uneven = (random: Random, most: number): Network => ({ latency: () => random.next() * most });
