import { randomUUID } from 'node:crypto';
import { foldRecord, ImageError, type Job, type LedgerEvent, type LedgerRecord, pollImage } from '@imageport/core';
import type { Command } from 'commander';
import { describeAccounts } from '../accounts.ts';
import { loadConfig } from '../config.ts';
import { type Io, note, printJson } from '../io.ts';
import { findIntent } from '../ledger/find.ts';
import { addLedgerFlag, resumeCommand } from '../ledger/flag.ts';
import { openFile } from '../ledger/keeper.ts';
import { findPlace } from '../ledger/place.ts';
import { refusal, usage } from '../usage.ts';

interface SettleFlags {
  readonly adopt?: string;
  readonly absent?: boolean;
  readonly json?: boolean;
  readonly ledger?: string;
}

export function addSettle(jobs: Command, io: Io, done: (exitCode: number) => void): void {
  addLedgerFlag(jobs.command('settle'))
    .description("end by hand what nobody knows, after a look at the host's job list")
    .argument('<intent>', 'its id, or the start of it')
    .option('--adopt <job>', 'this job is it: imageport resume then brings its picture')
    .option('--absent', 'the host has no such job: nothing was charged')
    .option('--json', 'print one JSON object')
    .action(async (intent: string, flags: SettleFlags) => done(await settle(intent, flags, io)));
}

async function settle(prefix: string, { adopt, absent, json, ledger }: SettleFlags, io: Io): Promise<number> {
  if ((adopt === undefined) === (absent === undefined)) throw usage('Give either --adopt <job> or --absent');
  const place = await findPlace(ledger, io);
  const found = await findIntent(place, prefix);
  const file = openFile(found.path, io);
  try {
    const { id } = found.record.intent;
    const claim = async (): Promise<number> => (await file.claim(id, randomUUID(), 10_000))?.fence ?? 0;
    // What the file says under its lock.
    const { record } = await file.begin(found.record.intent);
    const job = adopt === undefined ? undefined : await adoptable(record, adopt, found.owned, io);
    const events = job ? [{ type: 'accepted', at: Date.now(), job } as const] : toAbsent(record);
    const fence = await claim();
    for (const event of events) await file.append(id, fence, event);
    const next = job ? `${resumeCommand(place)} brings its picture.` : 'It is closed, and can be asked for anew.';
    note(io, `${job ? `Job ${job.id} belongs to ${id} now` : `${id} was not accepted`}. ${next}`);
    if (json) printJson(io, { intentId: id, ...(job ? { adopted: job } : { absent: true }) });
    return 0;
  } finally {
    await file.close();
  }
}

/** The events that close an intent which cost nothing. */
function toAbsent(record: LedgerRecord): LedgerEvent[] {
  const { phase, parked } = foldRecord(record);
  const at = Date.now();
  const resolved: LedgerEvent[] = parked.length > 0 ? [{ type: 'resolved', at }] : [];
  if (phase === 'delivered' || phase === 'closed') return resolved;
  if (phase === 'accepted' || phase === 'settled') {
    throw usage(`${record.intent.id} was accepted by the host and is paid: imageport resume brings its picture`);
  }
  return [{ type: 'rejected', at, code: 'submission_unknown' }, { type: 'delivered', at }, ...resolved];
}

/** The job, once the host has said that there is one. */
async function adoptable(record: LedgerRecord, id: string, owned: ReadonlyMap<string, string>, io: Io): Promise<Job> {
  const { intent } = record;
  const { phase, sending } = foldRecord(record);
  if (!sending || (phase !== 'sending' && phase !== 'unknown')) {
    throw usage(`${intent.id} does not wait for a job, so none can be adopted: imageport jobs says what it is`);
  }
  const owner = owned.get(id);
  if (owner !== undefined && owner !== intent.id) throw usage(`Job ${id} belongs to ${owner} already`);
  const { provider: name, modelId } = sending.target;
  const { providers, usable } = describeAccounts(io, await loadConfig(undefined, io.cwd));
  const provider = providers.find(({ adapter }) => adapter.name === name);
  if (!provider || !usable.includes(name)) {
    const key = provider?.adapter.env.apiKey ?? 'its key';
    throw refusal('unauthenticated', `${name} has no API key (${key} is not set), so the job cannot be looked at`);
  }
  const job: Job = { provider: name, modelId, id, submittedAt: sending.at };
  await pollImage(provider(modelId), job).catch((error: unknown) => {
    if (!ImageError.is(error)) throw error;
    if (error.code === 'not_found') throw refusal('not_found', `${name} knows no job ${id}`);
    throw error.with({ billed: 'unknown' });
  });
  return job;
}
