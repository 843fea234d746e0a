import type { Attempt, Billed } from '../contract/result.ts';
import { ImageError } from '../errors/image-error.ts';
import type { RouteModel } from '../host/provider.ts';
import type { Intent } from '../ledger/facts.ts';
import { currentJob } from '../ledger/state.ts';
import type { Emit, ImageEvent } from '../picture/events.ts';
import type { Frame, Picture } from '../picture/picture.ts';
import { knownOf } from '../picture/project.ts';
import type { Finished, Start } from '../picture/run.ts';
import { interrupt } from '../picture/wait.ts';
import { billedBy } from '../picture/writing.ts';

/** One of the two ways to the picture. */
export interface Branch {
  readonly picture: Picture;
  readonly end: Promise<Finished>;
  /** Ends it. Its job is left where it is: it may be paid, and then it is reported. */
  cancel(): void;
  /** Tells how it ended, as if it were the whole call. */
  tellEnd(emit: Emit): void;
}

/** Thrown through the branch that came too late. */
class Overtaken extends Error {}

export interface BranchOptions {
  readonly start: Start;
  readonly frame: Frame;
  readonly intent: Intent;
  readonly index: number;
  readonly route: readonly RouteModel[];
  readonly emit: Emit;
  readonly arrived: () => Promise<void>;
}

/** Two intents are one request: their events are told as its own, and it settles once. */
export function startBranch({ start, frame, intent, index, route, emit, arrived }: BranchOptions): Branch {
  let settled: Parameters<Emit>[0] | undefined;
  const onEvent = ({ intentId: _, picture: _picture, elapsed: _elapsed, ...event }: ImageEvent): void => {
    if (event.type === 'settled') settled = event;
    else emit(event);
  };
  let picture: Picture | undefined;
  const end = start({ ...frame, onEvent, arrived }, intent, index, route, (begun) => {
    picture = begun;
  });
  if (!picture) throw new TypeError('a run begins at once');
  const begun = picture;
  // Whoever needs the failure awaits `end` itself.
  end.catch(() => undefined);
  return {
    picture,
    end,
    cancel() {
      begun.aborted ??= { reason: new Overtaken() };
      interrupt(begun);
    },
    tellEnd(emit) {
      if (settled) emit(settled);
    },
  };
}

/** Why a branch ended without a picture; undefined when it has one. */
export const failureOf = ({ end }: Branch): Promise<unknown> =>
  end.then(() => undefined).catch((reason: unknown) => reason);

/** The caller's own reason, which goes back as it is. */
export const isForeign = (error: unknown): boolean =>
  error !== undefined && !ImageError.is(error) && !(error instanceof Overtaken);

const billedOf = ({ picture }: Branch): Billed => billedBy(knownOf(picture));

export const isPaid = (branch: Branch): boolean => billedOf(branch) !== 'no';

export const attemptsOf = (branches: readonly Branch[]): Attempt[] =>
  branches.flatMap(({ picture }) => picture.attempts);

/** What became of the job of the branch that lost. */
export const leftBehind = ({ picture }: Branch): string[] =>
  picture.attempts
    .filter(({ billed, outcome }) => billed !== 'no' && outcome === 'aborted')
    .map(({ provider, modelId, job }) => {
      const paid = job ? `its job ${job.id} is paid` : 'it may have accepted';
      return `${provider}:${modelId} was asked as well, and ${paid}: it stays open in the ledger as intent ${picture.intent.id}`;
    });

/** What both branches have cost, at worst. */
function spent(branches: readonly Branch[]) {
  const paid = branches.find((branch) => billedOf(branch) === 'yes');
  const isUnknown = branches.some((branch) => billedOf(branch) === 'unknown');
  const billed: Billed = paid ? 'yes' : isUnknown ? 'unknown' : 'no';
  const job = paid && currentJob(paid.picture.state)?.job;
  return { billed, ...(job ? { job } : {}) };
}

/** One error for both branches. */
export function complete(error: unknown, branches: readonly Branch[], intentId: string): unknown {
  if (!ImageError.is(error)) return error;
  const attempts = attemptsOf(branches);
  return error.with({ intentId, attempts, ...(error.billed === 'no' ? spent(branches) : {}) });
}

/** How the call has ended when no branch brought the picture. */
export function endOf(error: unknown, branches: readonly Branch[]): Parameters<Emit>[0] {
  const { billed, job } = ImageError.is(error) ? error : spent(branches);
  const attempts = attemptsOf(branches);
  const last = attempts.find((each) => job && each.job?.id === job.id) ?? attempts.at(-1);
  return {
    type: 'settled',
    ...(ImageError.is(error) ? { outcome: 'failed', code: error.code } : { outcome: 'aborted' }),
    billed,
    ...(job ? { job } : {}),
    ...(last ? { provider: last.provider, modelId: last.modelId } : {}),
  };
}
