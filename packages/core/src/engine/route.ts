import type { Job } from '../contract/job.ts';
import { errorTraits } from '../errors/error-traits.ts';
import { ImageError, type Reason } from '../errors/image-error.ts';
import { foldRecord, type LedgerRecord, type Standing, type Stop } from '../ledger/ledger.ts';
import { isSameStop } from '../ledger/wish.ts';
import type { RouteModel } from '../provider/provider.ts';
import { wishAt } from '../request/target.ts';
import { DeadlineReached } from '../time/deadline.ts';
import { type Finished, finishAttempt, note, noteOutcome, type Work } from './attempt.ts';
import { failure } from './failure.ts';
import { leastTime } from './repeat.ts';
import type { Run, Submission } from './run.ts';
import { prepareSubmission, restoreSubmission } from './submission.ts';
import { type Accepted, submit } from './submit.ts';

/** Takes one picture along its route, to the finished picture. */
export function runRoute(run: Run, route: readonly RouteModel[], record: LedgerRecord): Promise<Finished> {
  return tryEach(run, route, record, finishAttempt);
}

/** Takes one picture along its route, only as far as a job that was accepted. */
export function submitRoute(run: Run, route: readonly RouteModel[], record: LedgerRecord): Promise<Accepted> {
  return tryEach(run, route, record, submit);
}

/** The next model only when the one before has surely cost nothing. */
async function tryEach<T>(run: Run, route: readonly RouteModel[], record: LedgerRecord, work: Work<T>): Promise<T> {
  const standing = foldRecord(record);
  const begun = standing.phase === 'new' || standing.phase === 'closed' ? undefined : standing.sending;
  const start = begun ? findTarget(route, begun.target, standing.job) : 0;
  let attempt = standing.attempts;
  let first: ImageError | undefined;
  for (const [index, model] of [...route.entries()].slice(start)) {
    const next = route[index + 1];
    try {
      if (begun && index === start) {
        // As it was sent, whatever this call says of the same model.
        const same = { ...model, overrides: begun.target.overrides ?? {} };
        return await noteOutcome(takeUp(at(run, same), same, standing), work, standing.job);
      }
      attempt += 1;
      return await noteOutcome(await prepare(at(run, model), model, { attempt, hasNext: next !== undefined }), work);
    } catch (error) {
      if (!ImageError.is(error)) throw error;
      // A refusal of the last model says less than what happened to the ones that could have done it.
      const worst = first && error.code === 'unsupported' ? first : error;
      first ??= error.code === 'unsupported' ? undefined : error;
      if (!next || run.alone() || !mayFallBack(error, run)) throw worst;
      run.emit({ type: 'fallback', from: nameOf(model), to: nameOf(next), code: error.code });
    }
  }
  throw new TypeError('a route has at least one model');
}

/** The run as this model sees it. What is noted goes to the same places. */
function at(run: Run, { overrides }: RouteModel): Run {
  const { intent } = run;
  const request = wishAt(intent.request, overrides);
  return request === intent.request ? run : { ...run, intent: { ...intent, request } };
}

/** Goes on where an earlier call, or an earlier process, was cut off. */
function takeUp(run: Run, model: RouteModel, standing: Standing): Submission {
  const { sending, settled, job } = standing;
  if (!sending) throw new TypeError('nothing was begun');
  const submission = restoreSubmission(run, model, sending);
  if (settled?.outcome === 'failed') {
    const facts = { billed: settled.billed, stage: 'poll', ...(job ? { job } : {}) } as const;
    throw failure(submission, settled.code ?? 'job_failed', 'as an earlier call for this intent found out', facts);
  }
  return submission;
}

export const nameOf = ({ provider, modelId }: RouteModel): string => `${provider.adapter.name}:${modelId}`;

/** Which model of the route an earlier call had begun with. Without it nobody can tell what became of the money. */
function findTarget(route: readonly RouteModel[], target: Stop, job: Job | undefined): number {
  const { provider, modelId } = target;
  const stops = route.map((each) => ({ ...each, provider: each.provider.adapter.name }));
  const same = stops.findIndex((stop) => isSameStop(stop, target));
  const index = same >= 0 ? same : stops.findIndex((stop) => stop.provider === provider && stop.modelId === modelId);
  if (index >= 0) return index;
  const message = `This intent was begun with ${provider}:${modelId}, which is not in the route; add it to go on`;
  const facts = job ? ({ billed: 'yes', job } as const) : ({ billed: 'unknown' } as const);
  throw new ImageError({ code: 'not_found', message, stage: 'prepare', provider, model: modelId, ...facts });
}

/** Conditions in which another host would hide a problem that somebody must see. */
const neverElsewhere: readonly (Reason | undefined)[] = [
  'untrusted_certificate',
  'ledger_unavailable',
  'ledger_locked',
];

export function mayFallBack(error: ImageError, { deadline, policy }: Pick<Run, 'deadline' | 'policy'>): boolean {
  if (deadline.remaining() < leastTime && error.stage !== 'prepare') return false;
  if (error.code === 'submission_unknown') return policy.onAmbiguous === 'proceed';
  return errorTraits[error.code].fallback && error.billed === 'no' && !neverElsewhere.includes(error.reason);
}

async function prepare(run: Run, model: RouteModel, place: { attempt: number; hasNext: boolean }): Promise<Submission> {
  const begun = run.deadline.elapsed();
  try {
    return await prepareSubmission(run, model, place);
  } catch (error) {
    if (error instanceof DeadlineReached) throw failure({ run, model, host: model.provider['~host'] }, 'timeout', '');
    if (ImageError.is(error)) note(run, model, { error, begun, submits: 0, cost: { source: 'unknown' } });
    throw error;
  }
}
