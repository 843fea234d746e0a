import type { Job } from '../contract/job.ts';
import type { Attempt, Billed } from '../contract/result.ts';
import { ImageError, worstOf } from '../errors/image-error.ts';
import type { Intent, LedgerEvent } from '../ledger/ledger.ts';
import type { RouteModel } from '../provider/provider.ts';
import { branch, DeadlineReached } from '../time/deadline.ts';
import { type FinishedIntent, type Frame, guardLedger, leaseGrace, runIntent } from './intent-run.ts';

/** One of the two ways to the picture. */
export interface Leg {
  readonly intent: Intent;
  readonly attempts: Attempt[];
  readonly end: Promise<FinishedIntent>;
  cancel(): void;
}

/** Thrown through the leg that came too late. */
class Overtaken extends Error {}

export function startLeg(frame: Frame, intent: Intent, picture: number, route: readonly RouteModel[]): Leg {
  const controller = new AbortController();
  const deadline = branch(frame.deadline, controller.signal);
  const attempts: Attempt[] = [];
  const end = runIntent({ ...frame, deadline, attempts }, intent, picture, route);
  // Whoever needs the failure awaits `end` itself.
  end.catch(() => undefined);
  return { intent, attempts, end, cancel: () => controller.abort(new Overtaken()) };
}

/** Why a leg ended without a picture; undefined when it has one. */
export const failureOf = ({ end }: Leg): Promise<unknown> =>
  end.then(() => undefined).catch((reason: unknown) => reason);

/** The first picture that comes. The other leg is left where it is: its job may be paid, and then it is reported. */
export async function firstOf(own: Leg, other: Leg, frame: Frame): Promise<FinishedIntent> {
  const winner = await Promise.any([own, other].map((leg) => leg.end.then(() => leg))).catch(() => undefined);
  const loser = winner === own ? other : own;
  loser.cancel();
  const errors = await Promise.all([own, other].map(failureOf));
  const attempts = [...own.attempts, ...other.attempts];
  const moved = await moveTo(own, other, frame);
  if (!winner) throw errors.find(isOwnReason) ?? worstOf(errors.filter(ImageError.is));
  const { run, finished } = await winner.end;
  const record = moved && winner === other ? moved : run.record;
  return { run: { ...run, record, attempts, warnings: [...run.warnings, ...leftBehind(loser)] }, finished };
}

const isOwnReason = (error: unknown): boolean => error !== undefined && !ImageError.is(error);

type Write = (event: LedgerEvent) => Promise<void>;

/**
 * Where only the hedge was paid, what happened to it is written under the wish's own id, and the hedge is closed: the
 * same id asked for again must find that job and never pay anew.
 */
async function moveTo(own: Leg, other: Leg, frame: Frame): Promise<Write | undefined> {
  const isPaid = ({ attempts }: Leg): boolean => attempts.some(({ billed }) => billed !== 'no');
  if (isPaid(own) || !isPaid(other)) return undefined;
  const ledger = guardLedger(frame.ledger, frame.deadline);
  const write = async (intentId: string, events: readonly LedgerEvent[]): Promise<void> => {
    const owner = crypto.randomUUID();
    const claim = await ledger.claim(intentId, owner, leaseGrace);
    if (!claim) throw new Error('somebody else has it');
    for (const event of events) await ledger.append(intentId, claim.fence, event);
    await ledger.claim(intentId, owner, 0);
  };
  try {
    const { record } = await ledger.begin(other.intent);
    await write(
      own.intent.id,
      record.events.filter(({ type }) => type !== 'delivered'),
    );
    await write(other.intent.id, [{ type: 'delivered', at: Date.now() }]);
    return (event) => write(own.intent.id, [event]);
  } catch {
    // It stands in the ledger under the hedge's id, and stays open there.
    return undefined;
  }
}

const leftBehind = ({ intent, attempts }: Leg): string[] =>
  attempts
    .filter(({ billed, outcome }) => billed !== 'no' && outcome === 'aborted')
    .map(({ provider, modelId, job }) => {
      const paid = job ? `its job ${job.id} is paid` : 'it may have accepted';
      return `${provider}:${modelId} was asked as well, and ${paid}: it stays open in the ledger as intent ${intent.id}`;
    });

/** One error for both legs. The caller's own reason goes back as it is. */
export function complete(error: unknown, legs: readonly Leg[], intentId: string, { deadline }: Frame): unknown {
  const { billed, job } = spent(legs);
  const attempts = legs.flatMap((leg) => leg.attempts);
  if (ImageError.is(error))
    return error.with({ intentId, attempts, ...(error.billed === 'no' ? { billed, job } : {}) });
  if (!(error instanceof DeadlineReached)) return error;
  const message = `The time was over after ${Math.round(deadline.elapsed())} ms`;
  const code = billed === 'unknown' ? 'submission_unknown' : 'timeout';
  return new ImageError({ code, message, billed, stage: 'poll', intentId, attempts, job });
}

export function endOf(error: unknown, legs: readonly Leg[]) {
  const { billed, job } = spent(legs);
  if (ImageError.is(error)) {
    return {
      outcome: 'failed',
      billed: error.billed,
      code: error.code,
      ...(error.job ? { job: error.job } : {}),
    } as const;
  }
  return { outcome: 'aborted', billed, ...(job ? { job } : {}) } as const;
}

/** What both legs have cost, at worst. */
function spent(legs: readonly Leg[]): { billed: Billed; job?: Job } {
  const attempts = legs.flatMap((leg) => leg.attempts);
  const paid = attempts.find(({ billed, job }) => billed === 'yes' && job);
  if (paid?.job) return { billed: 'yes', job: paid.job };
  return { billed: attempts.some(({ billed }) => billed === 'unknown') ? 'unknown' : 'no' };
}
