import type { Job } from '../contract/job.ts';
import type { Intent, LedgerRecord, Target } from './facts.ts';

/** Hosts list jobs for seven days: for so long a ledger knows whose a job is, also of intents that it has forgotten. */
export const ownersKept = 7 * 24 * 60 * 60 * 1000;

export const jobKey = ({ provider, id }: Pick<Job, 'provider' | 'id'>): string => `${provider}:${id}`;

/** What `find` gives for a job whose intent was forgotten: whose it is, and that it was delivered. */
export const ownerRecord = (intentId: string, job: Job, at: number): LedgerRecord => ({
  intent: bareIntent(intentId, at, job),
  events: [
    { type: 'accepted', at, job },
    { type: 'delivered', at },
  ],
});

/** An intent of which only the id is left, and perhaps which model it asked. */
export function bareIntent(id: string, createdAt: number, target?: Target): Intent {
  const route = target ? [{ provider: target.provider, modelId: target.modelId }] : [];
  return { id, createdAt, request: { prompt: '', images: [], fit: 'exact', providerOptions: {} }, route };
}

/** The record names this job as its own. */
export const hasJob = ({ events }: LedgerRecord, job: Pick<Job, 'provider' | 'id'>): boolean =>
  events.some((event) => event.type === 'accepted' && jobKey(event.job) === jobKey(job));
