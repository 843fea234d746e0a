import { foldRecord, inDoubt, type Job, type Ledger } from '../../src/index.ts';
import type { HumanNote, JobNote } from './notes.ts';

/** As `docs/ledger.md` says: somebody has looked at the host's page. True if there was something to settle. */
async function write(ledger: Ledger, intentId: string, job: Job | undefined): Promise<boolean> {
  for await (const record of ledger.open()) {
    // At the page of another host nobody looks for the job of this send.
    const send = inDoubt(foldRecord(record)).find(({ fact }) => !job || fact.target.provider === job.provider);
    if (record.intent.id !== intentId || !send) continue;
    const claim = await ledger.claim(intentId, 'a human', 10_000);
    if (!claim) return false;
    const at = Date.now();
    if (job)
      await ledger.append(intentId, claim.fence, { type: 'accepted', at, job, send: send.token, proof: 'human' });
    else await ledger.append(intentId, claim.fence, { type: 'resolved', at });
    await ledger.claim(intentId, 'a human', 0);
    return true;
  }
  return false;
}

export interface Settling {
  readonly ledgerName: string;
  readonly ledger: Ledger;
  readonly intentId: string;
  readonly modelId: string;
  /** The job that it is, if the human finds one. */
  readonly job: JobNote | undefined;
  readonly at: number;
}

export async function settle({ ledgerName, ledger, intentId, modelId, job, at }: Settling): Promise<HumanNote[]> {
  const adopted = job && { provider: job.host, modelId, id: job.id };
  const done = await write(ledger, intentId, adopted);
  return done ? [{ ledger: ledgerName, intentId, at, job: job?.id }] : [];
}
