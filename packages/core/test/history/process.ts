import { createApiframe } from '@imageport/apiframe';
import { createWavespeed } from '@imageport/wavespeed';
import type { ImageModel, Ledger, Provider } from '../../src/index.ts';
import type { Adversary } from './adversary.ts';
import type { CallNote, HostName, LedgerNote } from './notes.ts';
import type { Random } from './random.ts';
import { type Clock, pause } from './virtual-time.ts';
import { type Around, watchLedger } from './watched-ledger.ts';

/** One life of a process: provider values of its own, and an end that may come at any write or request. */
export interface Process {
  readonly name: string;
  readonly ledgerName: string;
  readonly ledger: Ledger;
  model(host: HostName, modelId: string): ImageModel;
  /** Resolves when it dies. */
  readonly dead: Promise<void>;
  isDead(): boolean;
  die(): void;
  /** Runs something at the n-th effect from now. */
  atEffect(n: number, action: () => void): void;
}

export interface ProcessOptions {
  readonly name: string;
  readonly ledgerName: string;
  readonly ledger: Ledger;
  readonly adversary: Adversary;
  readonly exclusive: boolean;
  readonly slowLedger: boolean;
  readonly random: Random;
  readonly clock: Clock;
  readonly note: (entry: LedgerNote) => void;
}

const never = (): Promise<never> => new Promise(() => undefined);

export function startProcess(options: ProcessOptions): Process {
  const { name, ledgerName, adversary, random, clock } = options;
  let effects = 0;
  let end: (() => void) | undefined;
  const dead = new Promise<void>((resolve) => {
    end = resolve;
  });
  const actions = new Map<number, (() => void)[]>();
  let gone = false;
  const die = (): void => {
    gone = true;
    end?.();
  };
  /** Each effect has two moments, before and after; a dead process does nothing, and hears nothing. */
  const around: Around = async (work) => {
    const step = async (): Promise<void> => {
      effects += 1;
      for (const action of actions.get(effects) ?? []) action();
      if (gone) await never();
    };
    await step();
    const result = await work().finally(step);
    return result;
  };
  const slowly: Around = (work) =>
    around(async () => {
      await latency(options);
      if (gone) await never();
      const result = await work();
      await latency(options);
      return result;
    });
  const fetchInner = adversary.fetchFor({ name, ledger: ledgerName });
  const fetch: typeof globalThis.fetch = (input, init) => around(() => fetchInner(input, init));
  const account = (host: HostName) => ({
    ...{ apiKey: `key-of-${host}`, baseUrl: `https://${host}.example.com`, fetch },
    ...(options.exclusive ? exclusive : {}),
  });
  const providers: Record<HostName, Provider> = {
    wavespeed: createWavespeed(account('wavespeed')),
    apiframe: createApiframe(account('apiframe')),
  };
  const note = (facts: Omit<LedgerNote, 'ledger' | 'client' | 'at'>): void =>
    options.note({ ledger: ledgerName, client: name, at: clock.now(), ...facts });
  return {
    ...{ name, ledgerName, dead, die },
    ledger: watchLedger(options.ledger, random.chance(0.5) ? slowly : around, note),
    model: (host, modelId) => providers[host](modelId),
    isDead: () => gone,
    atEffect: (n, action) => void actions.set(effects + n, [...(actions.get(effects + n) ?? []), action]),
  };
}

/** An option that the engine may not know yet: nobody else submits with this key. */
const exclusive: object = { exclusive: true };

async function latency({ random, slowLedger }: ProcessOptions): Promise<void> {
  const duration = random.weighted([
    [60, 0],
    [35, random.between(1, 5)],
    [slowLedger ? 4 : 0, 2_000],
    [slowLedger ? 1 : 0, 20_000],
  ]);
  if (duration > 0) await pause(duration);
}

/** Waits for a call as its caller would: until it ends, its process dies, or it is far too late. */
export async function follow(process: Process, call: CallNote, clock: Clock, work: () => Promise<void>): Promise<void> {
  const running = work();
  running.catch(() => undefined);
  const patience = pause(call.timeout + 600_000).then(() => 'late');
  const end = await Promise.race([running.then(() => 'ended'), process.dead, patience]);
  if (end === 'ended') call.ended = clock.now();
  else if (process.isDead()) call.crashed = true;
}
