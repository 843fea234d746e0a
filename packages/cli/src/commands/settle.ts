import { randomUUID } from 'node:crypto';
import {
  billedOf,
  foldRecord,
  ImageError,
  inDoubt,
  type Job,
  type LedgerEvent,
  type LedgerRecord,
  phaseOf,
  pollImage,
} from '@imageport/core';
import type { Command } from 'commander';
import { type Accounts, readyAccounts } from '../accounts.ts';
import { loadConfig } from '../config.ts';
import { addConfigFlag } from '../config-flag.ts';
import type { Io } from '../io.ts';
import { findIntent } from '../ledger/find.ts';
import { addLedgerFlag, resumeCommand } from '../ledger/flag.ts';
import { findRecords, openFile } from '../ledger/keeper.ts';
import { findPlace, type LedgerPlace } from '../ledger/place.ts';
import { note, printJson } from '../terminal/write.ts';
import { refusal, usage } from '../usage.ts';

interface SettleFlags {
  readonly adopt?: string;
  readonly absent?: boolean;
  readonly json?: boolean;
  readonly ledger?: string;
  readonly config?: string;
}

export function addSettle(jobs: Command, io: Io, done: (exitCode: number) => void): void {
  addConfigFlag(addLedgerFlag(jobs.command('settle')))
    .description("settle by hand a submit whose outcome is unknown, after checking the host's job list")
    .argument('<intent>', 'its id, or the start of it')
    .option('--adopt <job>', 'this is its job: imageport resume then fetches the picture')
    .option('--absent', 'the host lists no such job: permits a new submit, and keeps the old one on record')
    .option('--json', 'print one JSON object')
    .action(async (intent: string, flags: SettleFlags) => done(await settle(intent, flags, io)));
}

const lease = 10_000;

async function settle(prefix: string, { adopt, absent, json, ledger, config }: SettleFlags, io: Io): Promise<number> {
  if ((adopt === undefined) === (absent === undefined)) throw usage('Give either --adopt <job> or --absent');
  const place = await findPlace(ledger, io);
  // Before the ledger is touched, as it may be refused.
  const accounts = adopt === undefined ? undefined : readyAccounts(io, await loadConfig(config, io));
  const found = await findIntent(place, prefix);
  const { id } = found.record.intent;
  const file = openFile(place, found.path, io);
  try {
    // What the file says under its lock.
    const claim = await file.claim(id, randomUUID(), lease);
    if (!claim) throw usage(`A running command has ${id}: try again when it has ended`);
    const { fence, record } = claim;
    const job = adopt !== undefined && accounts ? await findAdoptable(record, adopt, place, accounts) : undefined;
    const event: LedgerEvent = job ? { type: 'accepted', at: Date.now(), job, proof: 'human' } : toAbsent(record);
    await file.append(id, fence, event, record.events.length).catch((error: unknown) => {
      if (!ImageError.is(error) || error.reason !== 'job_taken') throw error;
      throw usage(`Job ${adopt} belongs to another intent already, so it cannot be adopted for ${id}`);
    });
    note(
      io,
      job ? `Job ${job.id} belongs to ${id} now. ${resumeCommand(place)} fetches its picture.` : absentNote(record),
    );
    if (json) printJson(io, { intentId: id, ...(job ? { adopted: job } : { absent: true }) });
    return 0;
  } finally {
    await file.close();
  }
}

/** What `--absent` writes: of a submit that was never sent, that nothing will come; else that a new one is permitted. */
function toAbsent(record: LedgerRecord): LedgerEvent {
  const state = foldRecord(record);
  const at = Date.now();
  if (inDoubt(state).length > 0) return { type: 'resolved', at };
  if (phaseOf(state) === 'new') return { type: 'delivered', at };
  const stands =
    billedOf(state) === 'yes' ? 'is paid: imageport resume fetches its picture' : 'ended: imageport jobs says how';
  throw usage(`${record.intent.id} was accepted by the host and ${stands}`);
}

function absentNote(record: LedgerRecord): string {
  const { id } = record.intent;
  const [send] = inDoubt(foldRecord(record));
  if (!send) return `${id} was never submitted and is dropped.`;
  const { provider } = send.fact.target;
  return `Asking for ${id} again may submit anew now. The earlier submit stays on record and nothing is closed: if ${provider} accepted it after all, it is charged, and its job still belongs to ${id}.`;
}

/** The job, once the host has said that there is one. */
async function findAdoptable(record: LedgerRecord, id: string, place: LedgerPlace, accounts: Accounts): Promise<Job> {
  const { intent } = record;
  const state = foldRecord(record);
  const phase = phaseOf(state);
  const send = inDoubt(state, state.attempts).at(-1)?.fact;
  if (!send || (phase !== 'sending' && phase !== 'unknown')) {
    throw usage(`${intent.id} does not wait for a job, so none can be adopted: imageport jobs says how it stands`);
  }
  const { provider } = send.target;
  const [owner] = await findRecords(place, { job: { provider, id } });
  if (owner) throw usage(`Job ${id} belongs to ${owner.intent.id} already, so it cannot be adopted for ${intent.id}`);
  const { origin } = send;
  const at = { submittedAt: send.at, ...(origin === undefined ? {} : { origin }) };
  const job: Job = { provider, modelId: send.target.modelId, id, ...at };
  await poll(job, accounts);
  return job;
}

async function poll(job: Job, { providers, usable }: Accounts): Promise<void> {
  const { provider: name, modelId, id } = job;
  const provider = providers.find(({ adapter }) => adapter.name === name);
  if (!provider || !usable.includes(name)) {
    const key = provider?.adapter.env.apiKey ?? 'its key';
    throw refusal('unauthenticated', `${name} has no API key (${key} is not set), so the job cannot be polled`);
  }
  await pollImage(provider(modelId), job).catch((error: unknown) => {
    if (!ImageError.is(error)) throw error;
    if (error.code === 'not_found') throw refusal('not_found', `${name} knows no job ${id}`);
    throw error.with({ billed: 'unknown' });
  });
}
