import {
  checkImage,
  type GeneratedImage,
  type GenerateImageOptions,
  generateImage,
  type ImageCheck,
  type ImageModel,
} from '@imageport/core';
import { type Accounts, firstRun, openAccounts } from '../accounts.ts';
import { loadConfig } from '../config.ts';
import { planDestination } from '../destination.ts';
import { Interrupted, watchSignals } from '../interrupt.ts';
import { type Io, note } from '../io.ts';
import { describeOpenJobs, followJobs } from '../open-jobs.ts';
import { makePlan } from '../plan.ts';
import type { AddCommand } from '../program.ts';
import { showProgress } from '../progress.ts';
import { describeProblem, reportResult, type Saved } from '../report.ts';
import { reportFailure } from '../report-error.ts';
import { reportInterruption } from '../report-interruption.ts';
import { addRequestFlags, type RequestFlags } from '../request-flags.ts';
import { withKeys } from '../route.ts';
import { type SaveOptions, savePicture } from '../save.ts';

export const addGenerate: AddCommand = (program, io, done) => {
  addRequestFlags(program.command('generate'))
    .description('make a picture; its path is printed')
    .action(async (prompt: string, flags: RequestFlags) => done(await generate(prompt, flags, io)));
};

async function generate(prompt: string, flags: RequestFlags, io: Io): Promise<number> {
  const config = await loadConfig(flags.config, io.cwd);
  const accounts = await openAccounts(io, config);
  try {
    const plan = await makePlan(prompt, flags, { config, accounts, io });
    const { route, notes } = withKeys(plan.route, accounts);
    const options = { ...plan.options, model: route };
    refuseHopeless(checkImage(options));
    const n = flags.n ?? 1;
    const destination = await planDestination(plan.out, io.cwd, n);
    for (const line of [...(accounts.emulated ? firstRun : []), ...detoursOf(route, accounts), ...notes])
      note(io, line);
    return await make({ io, accounts, json: flags.json ?? false }, options, { destination, prompt, n });
  } finally {
    await accounts.close();
  }
}

/** Addresses that are not the hosts' own: a key goes there. */
const detoursOf = (route: readonly ImageModel[], { detours }: Accounts): string[] =>
  [...new Set(route.map(({ provider }) => provider.adapter.name))].flatMap((name) => detours[name] ?? []);

/** Where no model of the route can do it, every reason counts, not only the last. */
function refuseHopeless(checks: readonly ImageCheck[]): void {
  const errors = checks.flatMap(({ error }) => error ?? []);
  const [first] = errors;
  if (!first || errors.length < checks.length) return;
  throw first.with({ message: errors.map(({ message }) => message).join('\n       ') });
}

interface Surroundings {
  readonly io: Io;
  readonly accounts: Accounts;
  readonly json: boolean;
}

async function make(
  { io, accounts, json }: Surroundings,
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
        saved.set(image, await trySaving(image, { ...place, index: saved.size, signal }));
      },
    });
    progress.stop();
    const exitCode = reportResult(io, { result, saved, accounts, left: open.jobs() }, json);
    return signal.aborted ? (signal.reason as Interrupted).exitCode : exitCode;
  } catch (error) {
    progress.stop();
    if (error instanceof Interrupted) return reportInterruption(io, error, { open, accounts, json });
    return reportFailure(io, error, json, describeOpenJobs(open.jobs(), accounts));
  } finally {
    progress.stop();
    interruption.stop();
  }
}

/** A picture that cannot be saved must not cost the others. */
async function trySaving(image: GeneratedImage, options: SaveOptions): Promise<Saved> {
  try {
    return { path: await savePicture(image, options) };
  } catch (error) {
    return { problem: describeProblem(error) };
  }
}
