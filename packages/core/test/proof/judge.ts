import type { Charge } from '@imageport/emulator';
import {
  errorTraits,
  foldRecord,
  type GenerateImageResult,
  ImageError,
  inDoubt,
  type Ledger,
  type LedgerRecord,
} from '../../src/index.ts';
import type { World as Both } from '../world.ts';

/** What the judge compares. */
type World = Pick<Both, 'emulator'>;

/** One call as it ended. Every intent has a prompt of its own, by which its jobs are known. */
export interface Ended {
  readonly prompt: string;
  readonly intentId: string;
  readonly result?: GenerateImageResult;
  readonly error?: unknown;
  /** The caller allowed a second payment. */
  readonly proceeds?: boolean;
  /** The caller allowed a second model to be asked as well: two payments, and neither job may be lost. */
  readonly hedges?: boolean;
  /** Milliseconds beyond the deadline. */
  readonly overshoot?: number;
}

/** Everything that is wrong with how some calls ended, in words; empty when every promise was kept. */
export async function judge(world: World, ledger: Ledger, calls: readonly Ended[]): Promise<string[]> {
  const open = new Map<string, LedgerRecord>();
  for await (const record of ledger.open()) open.set(record.intent.id, record);
  const charges = chargesByPrompt(world);
  return calls.flatMap((call) => {
    const own = charges.get(call.prompt) ?? [];
    return [
      ...paidTwice(world, call, own),
      ...lost(
        call,
        own,
        [call.intentId, `${call.intentId}#hedge`].flatMap((id) => open.get(id) ?? []),
      ),
      ...untrue(call, own),
      ...fellBack(call),
      ...swapped(world, call),
      ...untyped(call),
    ].map((problem) => `${call.intentId}: ${problem}`);
  });
}

function chargesByPrompt(world: World): Map<string, Charge[]> {
  const prompts = new Map(world.emulator.jobs().map(({ id, input }) => [id, (input as { prompt: string }).prompt]));
  const charges = new Map<string, Charge[]>();
  for (const charge of world.emulator.charges().filter(({ foreign }) => !foreign)) {
    const prompt = prompts.get(charge.jobId) ?? '';
    charges.set(prompt, [...(charges.get(prompt) ?? []), charge]);
  }
  return charges;
}

/** At most one job that was not refunded, and at most one per submit that the host could take as new. */
function paidTwice(world: World, call: Ended, charges: readonly Charge[]): string[] {
  const failed = new Set(
    world.emulator
      .jobs()
      .filter(({ status }) => /^(failed|cancelled)$/i.test(status))
      .map(({ id }) => id),
  );
  const kept = charges.filter(({ refunded, jobId }) => !refunded && !failed.has(jobId));
  const allowed = call.proceeds ? charges.length : call.hedges ? 2 : 1;
  return kept.length > allowed ? [`paid ${kept.length} times`] : [];
}

/** Every job that was charged is in the caller's hands or stands in the ledger. */
function lost(call: Ended, charges: readonly Charge[], records: readonly LedgerRecord[]): string[] {
  const told = JSON.stringify([call.result?.jobs, call.result?.attempts, errorFacts(call.error)]);
  const parked = records.map(foldRecord).some((state) => inDoubt(state).length > 0);
  const ledger = JSON.stringify(records.flatMap(({ events }) => events.filter(({ type }) => type === 'accepted')));
  const known = (id: string): boolean => told.includes(id) || ledger.includes(id) || parked || !!call.proceeds;
  // A failed job whose money came back has nothing to lose.
  return charges
    .filter(({ jobId, refunded }) => !refunded && !known(jobId))
    .map(({ host, jobId }) => `lost job ${jobId} of ${host}`);
}

function errorFacts(error: unknown): unknown {
  return ImageError.is(error) ? [error.job, error.candidates, error.attempts] : undefined;
}

/** `billed` is what the host did. */
function untrue(call: Ended, charges: readonly Charge[]): string[] {
  const { error } = call;
  if (!ImageError.is(error)) return [];
  const paid = charges.filter(({ refunded }) => !refunded);
  if (error.billed === 'no' && paid.length > 0)
    return [`says billed no (${error.code}), but ${paid.length} was charged`];
  const reasons: readonly string[] = errorTraits[error.code].reasons;
  if (error.reason !== undefined && !reasons.includes(error.reason)) return [`says ${error.reason} of ${error.code}`];
  if (error.billed === 'yes' && !charges.some(({ jobId }) => jobId === error.job?.id))
    return ['says billed yes for nothing'];
  return [];
}

/** No model after one that was accepted, or perhaps accepted. */
function fellBack(call: Ended): string[] {
  const attempts = call.result?.attempts ?? (ImageError.is(call.error) ? call.error.attempts : []);
  const early = attempts.slice(0, -1).filter(({ billed }) => billed !== 'no');
  return early.length > 0 && !call.proceeds && !call.hedges
    ? [`went on after ${early.map(({ billed }) => billed).join()}`]
    : [];
}

/** The picture of an intent was made for its own prompt, and for nobody else's who used the same words. */
function swapped(world: World, call: Ended): string[] {
  const own = world.emulator.jobs().filter(({ foreign }) => !foreign);
  const jobs = new Map(own.map(({ id, input }) => [id, (input as { prompt: string }).prompt]));
  return (call.result?.jobs ?? [])
    .filter(({ id }) => jobs.get(id) !== call.prompt)
    .map(({ id }) => `got the picture of ${id}`);
}

function untyped({ error, overshoot = 0 }: Ended): string[] {
  const late = overshoot > 50 ? [`ended ${Math.round(overshoot)} ms after its deadline`] : [];
  const aborted = error instanceof Error && error.message === 'aborted by the test';
  return error === undefined || aborted || ImageError.is(error) ? late : [...late, `threw ${String(error)}`];
}
