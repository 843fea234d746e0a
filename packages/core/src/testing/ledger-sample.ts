import type { Intent, LedgerEvent, LedgerRecord } from '../ledger/facts.ts';
import type { Ledger, OpenQuery } from '../ledger/ledger.ts';
import { assertTrue } from './assert.ts';

/** What a check is given. */
export interface LedgerCase {
  /** Empty at the start. */
  readonly ledger: Ledger;
  /** Lets time go by for the ledger. */
  elapse(milliseconds: number): Promise<void>;
}

export type LedgerChecks<Case = LedgerCase> = Record<string, (at: Case) => Promise<void>>;

export const minute = 60_000;
const target = { provider: 'host', modelId: 'model' } as const;

export function toIntent(id: string, prompt = 'a lighthouse', images: readonly string[] = []): Intent {
  const request = { prompt, images, fit: 'exact', providerOptions: {} } as const;
  return { id, createdAt: 1, request, route: [target] };
}

/** The n-th submit of an intent: its token is `send-<n>`. */
export const sending = (n: number, more: object = {}): LedgerEvent => {
  const request = { method: 'POST', path: '/submit', body: { prompt: 'a lighthouse' } } as const;
  return { type: 'sending', at: 2, attempt: n, target, request, key: `key ${n}`, send: `send-${n}`, ...more };
};

/** A submit as a file of the first version has it. */
export const oldSending = (attempt: number): LedgerEvent => ({
  ...{ type: 'sending', at: 2, attempt, target, request: { method: 'POST', path: '/submit' } },
});

export const accepted = (id: string, send?: string): LedgerEvent => {
  const job = { ...target, id, submittedAt: 2 };
  return { type: 'accepted', at: 3, job, ...(send ? { send, proof: 'answer' } : {}) };
};

export const rejected = (send?: string): LedgerEvent => ({
  ...{ type: 'rejected', at: 3, code: 'rate_limited' },
  ...(send ? { send } : {}),
});

export const settled: LedgerEvent = {
  ...{ type: 'settled', at: 4, outcome: 'completed', billed: 'yes', urls: ['https://example.com/a.png'] },
  cost: { amount: 0.03, currency: 'USD', source: 'listed' },
};

/** Of today: a ledger may forget what was delivered long ago. */
export const delivered: LedgerEvent = { type: 'delivered', at: Date.now() };

export const job = (id: string) => ({ provider: target.provider, id });

/** Begins an intent, writes its events under a lease, and gives it back. */
export async function write(ledger: Ledger, id: string, events: readonly LedgerEvent[]): Promise<void> {
  await ledger.begin(toIntent(id));
  const fence = await fenceOf(ledger, id, 'writer');
  for (const event of events) await ledger.append(id, fence, event);
  await ledger.claim(id, 'writer', 0);
}

export async function fenceOf(ledger: Ledger, id: string, owner: string): Promise<number> {
  const claim = await ledger.claim(id, owner, minute);
  if (!claim) throw new Error(`"${id}" is not free for ${owner}`);
  return claim.fence;
}

export const recordOf = async (ledger: Ledger, id: string): Promise<LedgerRecord> =>
  (await ledger.begin(toIntent(id))).record;

export const eventsOf = async (ledger: Ledger, id: string): Promise<readonly LedgerEvent[]> =>
  (await recordOf(ledger, id)).events;

export async function openOf(ledger: Ledger, query?: OpenQuery): Promise<LedgerRecord[]> {
  const records: LedgerRecord[] = [];
  for await (const record of ledger.open(query)) records.push(record);
  return records;
}

export const idsOf = (records: readonly LedgerRecord[]): string[] => records.map(({ intent }) => intent.id);

/** The work must be refused, with this reason if one is named. */
export async function assertRefused(work: Promise<unknown>, reason?: string): Promise<void> {
  const outcome: unknown = await work.then(
    () => 'no refusal',
    (error: unknown) => (error as { reason?: unknown } | undefined)?.reason ?? 'an error without a reason',
  );
  const isRight = reason === undefined ? outcome !== 'no refusal' : outcome === reason;
  assertTrue(isRight, `${reason ?? 'a refusal'} was expected, got ${String(outcome)}`);
}
