import { type Cost, type GeneratedImage, type LedgerRecord, resumeImages } from '@imageport/core';
import { type Accounts, noteDetours, readyAccounts } from '../accounts.ts';
import { loadConfig } from '../config.ts';
import { addConfigFlag } from '../config-flag.ts';
import { configuredOut } from '../configured-out.ts';
import { findDestination, planDestination, show } from '../destination.ts';
import { Interrupted, watchSignals } from '../interrupt.ts';
import type { Io } from '../io.ts';
import { missingHost } from '../ledger/describe.ts';
import { addLedgerFlag, resumeCommand } from '../ledger/flag.ts';
import { type Keeper, listOpen, openPlace } from '../ledger/keeper.ts';
import { findPlace, type LedgerPlace } from '../ledger/place.ts';
import { readPlace } from '../ledger/read.ts';
import type { AddCommand } from '../program.ts';
import { showProgress } from '../progress.ts';
import { addQuietFlag, listen, type QuietFlag } from '../quiet-flag.ts';
import { type Finished, reportResumed } from '../report-resumed.ts';
import { toTimeout } from '../request-flags.ts';
import { longestNameOf, saveOrThrow } from '../save.ts';
import { note, print, warn } from '../terminal/write.ts';

interface ResumeFlags extends QuietFlag {
  readonly json?: boolean;
  readonly out?: string;
  readonly timeout?: number;
  readonly config?: string;
  readonly ledger?: string;
}

export const addResume: AddCommand = (program, io, done) => {
  addQuietFlag(addConfigFlag(addLedgerFlag(program.command('resume'))))
    .description(
      'finish unfinished jobs: fetch paid pictures, poll for refunds, submit (and pay) what was never submitted',
    )
    .option('-o, --out <file-or-folder>', 'where the pictures go (default: this folder)')
    .option('--timeout <time>', 'when it times out: 90s, 2m, or milliseconds (default: 120s)', toTimeout)
    .option('--json', 'print one JSON object')
    .action(async (flags: ResumeFlags) => done(await resume(flags, listen(io, flags))));
};

async function resume(flags: ResumeFlags, io: Io): Promise<number> {
  const config = await loadConfig(flags.config, io);
  const accounts = readyAccounts(io, config);
  const place = await findPlace(flags.ledger, io);
  const keeper = openPlace(place, io);
  try {
    const records = await listOpen(keeper);
    const keyless = records.filter((record) => missingHost(record, accounts.usable) !== undefined);
    const ready = records.filter((record) => !keyless.includes(record));
    const out = flags.out ?? (await configuredOut(config));
    const timeout = flags.timeout ?? config.timeout;
    const work = { io, accounts, keeper, place, records: ready, out, timeout, json: flags.json ?? false };
    if (ready.length > 0) noteDetours(io, accounts.usable, accounts);
    const outcome =
      ready.length > 0 ? await finish(work) : { resumed: [], saved: new Map(), costs: new Map(), exitCode: 0 };
    if (records.length === 0 && keeper.skipped.length === 0) note(io, 'No unfinished jobs.');
    const after = (await readPlace(place)).flatMap((content) => content.records);
    const report = { ...outcome, before: records, after, keyless, keeper, accounts };
    return Math.max(outcome.exitCode, reportResumed(io, report, work.json));
  } finally {
    await keeper.close();
  }
}

interface Work {
  readonly io: Io;
  readonly accounts: Accounts;
  readonly keeper: Keeper;
  readonly place: LedgerPlace;
  readonly records: readonly LedgerRecord[];
  readonly out: string | undefined;
  readonly timeout: number | undefined;
  readonly json: boolean;
}

/** Every path is printed as soon as its picture is on the disk. */
async function finish({ io, accounts, keeper, place, records, out, timeout, json }: Work): Promise<Finished> {
  const n = records.length;
  const destination = await findDestination(out, io.cwd);
  const names = records.map(({ intent }) => longestNameOf(intent.request.prompt));
  await planDestination(destination, io.cwd, { n, names });
  const prompts = new Map(records.map(({ intent }) => [intent.id, intent.request.prompt]));
  const saved = new Map<GeneratedImage, string>();
  const costs = new Map<string, Cost>();
  const interruption = watchSignals(io);
  const progress = showProgress(io, n);
  const { signal } = interruption;
  let index = 0;
  try {
    const resumed = await resumeImages({
      ledger: { ...keeper, open: () => streamOf(records) },
      models: accounts.providers
        .filter(({ adapter }) => accounts.usable.includes(adapter.name))
        .map((provider) => provider('')),
      timeout,
      signal,
      onEvent(event) {
        progress.onEvent(event);
        if (event.type === 'settled' && event.cost) costs.set(event.intentId, event.cost);
      },
      async deliver(image, { intentId }) {
        progress.phase(n > 1 ? `downloading ${saved.size + 1} of ${n}` : 'downloading');
        const options = { destination, prompt: prompts.get(intentId) ?? '', index, n, signal };
        index += 1;
        const path = await saveOrThrow(image, options);
        saved.set(image, path);
        if (!json) print(io, show(path, io.cwd));
      },
    });
    return { resumed, saved, costs, exitCode: 0 };
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    progress.stop();
    warn(io, `Interrupted. What is not saved stays unfinished: ${resumeCommand(place)}`);
    return { resumed: [], saved, costs, exitCode: error.exitCode };
  } finally {
    progress.stop();
    interruption.stop();
  }
}

async function* streamOf(records: readonly LedgerRecord[]): AsyncGenerator<LedgerRecord> {
  yield* records;
}
