import {
  checkImage,
  type GeneratedImage,
  type GenerateImageOptions,
  generateImage,
  type ImageCheck,
} from '@imageport/core';
import { type Accounts, firstRun, noteDetours, openAccounts } from '../accounts.ts';
import { loadConfig } from '../config.ts';
import { planDestination } from '../destination.ts';
import { type Interrupted, watchSignals } from '../interrupt.ts';
import type { Io } from '../io.ts';
import { resumeCommand } from '../ledger/flag.ts';
import { openPlace } from '../ledger/keeper.ts';
import { findPlace } from '../ledger/place.ts';
import { prune } from '../ledger/prune.ts';
import { followJobs } from '../open-jobs.ts';
import { makePlan } from '../plan.ts';
import type { AddCommand } from '../program.ts';
import { showProgress } from '../progress.ts';
import { reportResult, type Saved } from '../report.ts';
import { reportEnd } from '../report-end.ts';
import { addRequestFlags, type RequestFlags } from '../request-flags.ts';
import { withKeys } from '../route.ts';
import { type SaveOptions, saveOrThrow } from '../save.ts';
import { note } from '../terminal/write.ts';

export const addGenerate: AddCommand = (program, io, done) => {
  addRequestFlags(program.command('generate'))
    .description('make a picture; its path is printed')
    .action(async (prompt: string, flags: RequestFlags) => done(await generate(prompt, flags, io)));
};

async function generate(prompt: string, flags: RequestFlags, io: Io): Promise<number> {
  const config = await loadConfig(flags.config, io);
  const accounts = await openAccounts(io, config);
  try {
    const plan = await makePlan(prompt, flags, { config, accounts, io });
    const { route, notes } = withKeys(plan.route, accounts);
    const options = { ...plan.options, model: route };
    refuseHopeless(checkImage(options));
    const n = flags.n ?? 1;
    const destination = await planDestination(plan.out, io.cwd, n);
    if (accounts.emulated) for (const line of firstRun) note(io, line);
    noteDetours(
      io,
      route.map(({ provider }) => provider.adapter.name),
      accounts,
    );
    for (const line of notes) note(io, line);
    const place = await findPlace(flags.ledger, io);
    const here = { io, accounts, json: flags.json ?? false, resume: resumeCommand(place) };
    const call = { destination, prompt, n };
    // The jobs of this emulator end with the command, so there is nothing to record.
    if (accounts.emulated) return await make(here, options, call);
    const ledger = openPlace(place, io);
    try {
      return await make(here, { ...options, ledger }, call);
    } finally {
      await ledger.close();
      await prune(place, io);
    }
  } finally {
    await accounts.close();
  }
}

/** Where no model of the route can do it, every reason counts, not only the last. */
function refuseHopeless(checks: readonly ImageCheck[]): void {
  const errors = checks.flatMap(({ error }) => error ?? []);
  const [first] = errors;
  if (!first || errors.length < checks.length) return;
  throw first.with({ message: errors.map(({ message }) => message).join('\n') });
}

interface Surroundings {
  readonly io: Io;
  readonly accounts: Accounts;
  readonly json: boolean;
  /** The command that finishes the jobs that this one leaves unfinished. */
  readonly resume: string;
}

async function make(
  { io, accounts, json, resume }: Surroundings,
  options: GenerateImageOptions,
  place: Omit<SaveOptions, 'index' | 'signal'>,
): Promise<number> {
  const interruption = watchSignals(io);
  const open = followJobs();
  const progress = showProgress(io, place.n);
  const saved = new Map<GeneratedImage, Saved>();
  const { signal } = interruption;
  try {
    const result = await generateImage({
      ...options,
      signal,
      onEvent(event) {
        open.onEvent(event);
        progress.onEvent(event);
      },
      async deliver(image) {
        progress.phase(place.n > 1 ? `downloading ${saved.size + 1} of ${place.n}` : `downloading`);
        await save(image, saved, { ...place, index: open.pictureOf(image.job), signal });
      },
    });
    progress.stop();
    const exitCode = reportResult(io, { result, saved, accounts, resume, left: open.jobs() }, json);
    return signal.aborted ? (signal.reason as Interrupted).exitCode : exitCode;
  } catch (error) {
    progress.stop();
    return reportEnd(io, error, { saved, open, accounts, json, resume });
  } finally {
    progress.stop();
    interruption.stop();
  }
}

/** What cannot be saved is noted and thrown: its intent stays unfinished, and the other pictures go on. */
async function save(image: GeneratedImage, saved: Map<GeneratedImage, Saved>, options: SaveOptions): Promise<void> {
  try {
    saved.set(image, { path: await saveOrThrow(image, options) });
  } catch (error) {
    saved.set(image, { problem: options.signal.aborted ? 'interrupted' : (error as Error).message });
    throw error;
  }
}
