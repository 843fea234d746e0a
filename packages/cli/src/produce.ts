import { checkImage, type ImageCheck, type ImageModel, type ImageOptions } from '@imageport/core';
import type { Command } from 'commander';
import { type Accounts, firstRun, noteDetours, openAccounts } from './accounts.ts';
import { loadConfig } from './config.ts';
import { type Destination, fileNames, findDestination, planDestination } from './destination.ts';
import { formatOf, inFormat } from './format-of-name.ts';
import type { Io } from './io.ts';
import { resumeCommand } from './ledger/flag.ts';
import { openPlace } from './ledger/keeper.ts';
import { isPaid } from './ledger/paid.ts';
import { findPlace, type LedgerPlace } from './ledger/place.ts';
import { prune } from './ledger/prune.ts';
import { make } from './make.ts';
import type { Plan, Setting } from './plan.ts';
import { addQuietFlag, type QuietFlag } from './quiet-flag.ts';
import { openReceipt, type Receipt } from './receipt.ts';
import { reportSaved } from './report-saved.ts';
import type { CallFlags, RequestFlags } from './request-flags.ts';
import { withKeys } from './route.ts';
import { longestNameOf } from './save.ts';
import { note, warn } from './terminal/write.ts';
import { nameOf } from './words.ts';

/** What every command takes that makes pictures. */
export interface ProduceFlags extends CallFlags, QuietFlag, Pick<RequestFlags, 'n' | 'outputFormat'> {
  readonly force?: boolean;
  /** False after `--no-emulate`. */
  readonly emulate: boolean;
  readonly caption?: boolean;
}

export const addProduceFlags = (command: Command): Command =>
  addQuietFlag(command)
    .option('-f, --force', 'replace a file that has the name already')
    .option('--no-emulate', 'end with an error where there is no key, instead of drawing locally')
    .option('--caption', 'what is drawn locally carries the words of the prompt');

/** Carries out a plan: pays for what no earlier command with its id has paid for, saves the pictures, reports. Returns the exit code. */
export async function produce(flags: ProduceFlags, io: Io, plan: (setting: Setting) => Promise<Plan>): Promise<number> {
  const config = await loadConfig(flags.config, io);
  const accounts = await openAccounts(io, config, flags);
  try {
    const { route: asked, options: request, out, words, images } = await plan({ config, accounts, io });
    const { route, notes } = withKeys(asked, accounts);
    const model = inFormat(route, flags.outputFormat ? undefined : formatOf(out), { images, task: request.task });
    const options = { ...request, model } as ImageOptions;
    refuseHopeless(await checkImage(options));
    const n = flags.n ?? 1;
    const place = await findPlace(flags.ledger, io);
    const destination = await findDestination(out, io.cwd);
    const receipt = receiptOf(options, { route, destination, n, place, accounts, io });
    const before = await Promise.all(Array.from({ length: n }, (_, index) => receipt?.find(index)));
    const saved = before.flatMap((picture) => picture ?? []);
    if (saved.length === n) return reportSaved(io, { pictures: saved, flags, emulated: accounts.emulated });
    const mayBeOurs = receipt !== undefined && !(await receipt.has(0)) && (await isPaid(place, flags.intent, n));
    const taken = saved.map(({ path }) => path);
    const names = [longestNameOf(words)];
    await planDestination(destination, io.cwd, { n, force: flags.force, mayBeOurs, names, saved: taken });
    announce(io, accounts, route, notes, flags);
    const here = { io, accounts, json: flags.json ?? false, resume: resumeCommand(place) };
    const call = { destination, prompt: words, n, force: flags.force, isNamed: receipt !== undefined, receipt };
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

/** What somebody should know before anything is sent. */
function announce(
  io: Io,
  accounts: Accounts,
  route: readonly ImageModel[],
  notes: readonly string[],
  { caption }: ProduceFlags,
): void {
  // Also said to who wants quiet: a drawing must not pass for a picture of a model.
  if (accounts.emulated) for (const line of firstRun) warn(io, line);
  else if (caption) note(io, '--caption is for what is drawn locally, so it does nothing here.');
  noteDetours(
    io,
    route.map(({ provider }) => provider.adapter.name),
    accounts,
  );
  const blank = Object.entries(accounts.lacking).filter(([, why]) => why.endsWith('is blank'));
  for (const [host, why] of blank) warn(io, `warning: ${why}, so ${host} is not asked.`);
  for (const line of notes) note(io, line);
}

/** Where no model of the route can do it, every reason counts, not only the last. */
function refuseHopeless(checks: readonly ImageCheck[]): void {
  const errors = checks.flatMap(({ error }) => error ?? []);
  const [first] = errors;
  if (!first || errors.length < checks.length) return;
  throw first.with({ message: errors.map(({ message }) => message).join('\n') });
}

interface Circumstances {
  readonly route: readonly ImageModel[];
  readonly destination: Destination;
  readonly n: number;
  readonly place: LedgerPlace;
  readonly accounts: Accounts;
  readonly io: Io;
}

/** Only a request with an id of its own can be asked for again. */
function receiptOf(
  { intentId, timeout: _timeout, maxCost: _cost, model: _model, ...given }: ImageOptions,
  { route, destination: { folder, file }, n, place, accounts, io }: Circumstances,
): Receipt | undefined {
  if (intentId === undefined) return undefined;
  const { n: _n, ...request } = given as typeof given & { n?: number };
  const names = file === undefined ? [] : fileNames(file, n);
  const where = { folder, names, route: route.map(nameOf) };
  return openReceipt(
    { intentId, scope: accounts.emulated ? 'emulated' : place.path, request: { ...request, ...where } },
    io,
  );
}
