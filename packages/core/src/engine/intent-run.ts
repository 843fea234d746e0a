import type { Call } from '../call.ts';
import type { Job } from '../contract/job.ts';
import type { Attempt, Billed } from '../contract/result.ts';
import { ImageError } from '../errors/image-error.ts';
import { foldRecord, type Intent, type Ledger, type LedgerEvent, type LedgerRecord } from '../ledger/ledger.ts';
import { isSameStop, wishKey } from '../ledger/wish.ts';
import type { RouteModel } from '../provider/provider.ts';
import { type Deadline, DeadlineReached } from '../time/deadline.ts';
import type { Finished } from './attempt.ts';
import { createEmit } from './events.ts';
import { runRoute, submitRoute } from './route.ts';
import type { Run } from './run.ts';

/** A picture that arrived, and how to say that the caller has it. */
export interface FinishedIntent {
  readonly run: Run;
  readonly finished: Finished;
}

/** What the pictures of a call share. */
export type Frame = Pick<Call, 'ledger' | 'policy' | 'onEvent' | 'budget' | 'webhooks'> & {
  readonly deadline: Deadline;
  /** Where attempts are noted. @default a list of the picture's own */
  readonly attempts?: Attempt[];
  /** Whether to end where a fallback would begin. @default never */
  readonly alone?: () => boolean;
};

/** A lease outlives the call by this much, so that a slow last write still holds it. */
export const leaseGrace = 10_000;
const joinGap = 100;

/** Writes the intent down, takes hold of it and takes its picture along the route. A second call for it waits here. */
export async function runIntent(
  frame: Frame,
  intent: Intent,
  picture: number,
  route: readonly RouteModel[],
): Promise<FinishedIntent> {
  const { run, record, release } = await enter(frame, intent, picture).catch(refuse(frame, intent, picture));
  try {
    return { run, finished: await runRoute(run, route, record) };
  } catch (error) {
    throw await leave(run, error);
  } finally {
    release();
  }
}

/** The first half of `runIntent`: as far as the accepted job. */
export async function submitIntent(frame: Frame, intent: Intent, route: readonly RouteModel[]): Promise<Job> {
  const { run, record, release } = await enter(frame, intent, 0).catch(refuse(frame, intent, 0));
  try {
    return foldRecord(record).job ?? (await submitRoute(run, route, record)).job;
  } catch (error) {
    throw await leave(run, error);
  } finally {
    release();
  }
}

interface Entered {
  readonly run: Run;
  readonly record: LedgerRecord;
  /** Gives the intent back. Not awaited: the lease runs out by itself. */
  release(): void;
}

async function enter(frame: Frame, intent: Intent, picture: number): Promise<Entered> {
  const ledger = guardLedger(frame.ledger, frame.deadline);
  const { record, fence, owner } = await hold(ledger, intent, frame.deadline);
  // A picture that was delivered before is only looked up again.
  const replayed = foldRecord(record).phase === 'delivered';
  const write = async (event: LedgerEvent): Promise<void> => {
    if (!replayed) await ledger.append(intent.id, fence, event);
  };
  const release = (): void => void frame.ledger.claim(intent.id, owner, 0).catch(() => undefined);
  return { run: { ...openRun(frame, intent, picture), record: write }, record, release };
}

/** Says in the last event that not even the intent could be written or taken. */
const refuse =
  (frame: Frame, intent: Intent, picture: number) =>
  (error: unknown): never => {
    const code = ImageError.is(error) ? { code: error.code } : {};
    openRun(frame, intent, picture).emit({ type: 'settled', outcome: endOf(error), billed: 'no', ...code });
    throw error;
  };

const endOf = (error: unknown): 'failed' | 'aborted' =>
  ImageError.is(error) || error instanceof DeadlineReached ? 'failed' : 'aborted';

/** Closes an intent that came to nothing, says so in the last event, and completes the error. */
async function leave(run: Run, error: unknown): Promise<unknown> {
  const { attempts } = run;
  const job = ImageError.is(error) ? error.job : attempts.at(-1)?.job;
  const billed = billedOverall(run, error);
  const resumable = ImageError.is(error) ? error.resumable : billed === 'yes';
  if (billed !== 'unknown' && !resumable)
    await run.record({ type: 'delivered', at: Date.now() }).catch(() => undefined);
  const code = ImageError.is(error) ? { code: error.code } : {};
  run.emit({ type: 'settled', outcome: endOf(error), billed, ...code, ...(job ? { job } : {}), ...lastAsked(run) });
  return ImageError.is(error) ? error.with({ billed, attempts: [...attempts], intentId: run.intent.id }) : error;
}

export function lastAsked({ attempts }: Run): { provider?: string; modelId?: string } {
  const last = attempts.at(-1);
  return last ? { provider: last.provider, modelId: last.modelId } : {};
}

/** One attempt that may have been paid makes the whole call one that may have been paid. */
function billedOverall({ attempts }: Run, error: unknown): Billed {
  const own = ImageError.is(error) ? error.billed : (attempts.at(-1)?.billed ?? 'no');
  return own === 'no' && attempts.some(({ billed }) => billed === 'unknown') ? 'unknown' : own;
}

export function openRun(frame: Frame, intent: Intent, picture: number): Run {
  const { deadline, policy, onEvent, budget, webhooks, attempts = [], alone = () => false } = frame;
  return {
    ...{ intent, picture, alone, deadline, policy, budget, webhooks, attempts, warnings: [] },
    emit: createEmit(onEvent, { intentId: intent.id, picture }, deadline.elapsed),
    record: async () => undefined,
  };
}

interface Held {
  readonly record: LedgerRecord;
  readonly fence: number;
  readonly owner: string;
}

async function hold(ledger: Pick<Ledger, 'begin' | 'claim'>, intent: Intent, deadline: Deadline): Promise<Held> {
  const owner = crypto.randomUUID();
  while (true) {
    const { created, record } = await ledger.begin(intent);
    if (!created && !isSameWish(record.intent, intent)) throw conflict(intent.id);
    const claim = await ledger.claim(intent.id, owner, deadline.remaining() + leaseGrace);
    // What happened while another call held it is in the record only now.
    if (claim) return { record: (await ledger.begin(intent)).record, fence: claim.fence, owner };
    await deadline.sleep(joinGap);
  }
}

/** The same picture: the same request, and at a model that both know the same differences. */
function isSameWish(before: Intent, now: Intent): boolean {
  if (wishKey(before.request) !== wishKey(now.request)) return false;
  return now.route.every((stop) => {
    const alike = before.route.filter((each) => each.provider === stop.provider && each.modelId === stop.modelId);
    return alike.length === 0 || alike.some((each) => isSameStop(each, stop));
  });
}

/** A ledger that fails or hangs is an error of its own: before anything was sent, nothing is sent. */
export function guardLedger(ledger: Ledger, deadline: Deadline): Pick<Ledger, 'begin' | 'claim' | 'append'> {
  const guard = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await deadline.race(work());
    } catch (error) {
      if (ImageError.is(error) || error instanceof DeadlineReached || deadline.signal.aborted) throw error;
      throw new ImageError({
        code: 'unavailable',
        reason: 'ledger_unavailable',
        message: 'The ledger could not write, so nothing was sent. Make its place writable, or give another `ledger`.',
        billed: 'no',
        stage: 'ledger',
        cause: error,
      });
    }
  };
  return {
    begin: (intent) => guard(() => ledger.begin(intent)),
    claim: (...args) => guard(() => ledger.claim(...args)),
    append: (...args) => guard(() => ledger.append(...args)),
  };
}

const conflict = (intentId: string): ImageError =>
  new ImageError({
    code: 'invalid_request',
    reason: 'intent_conflict',
    message: `\`intentId\` "${intentId}" already stands for another request; give each wish its own id`,
    billed: 'no',
    stage: 'prepare',
    intentId,
  });
