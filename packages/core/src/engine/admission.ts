import type { ImageError } from '../errors/image-error.ts';
import { type Admission, QueueFull } from '../pace/limits.ts';
import { failure } from './failure.ts';
import { leastTime } from './repeat.ts';
import type { Submission } from './run.ts';

/**
 * Waits until the account may begin another job, before anything is written or sent. A host that is known to be down, or
 * a queue that is full, is an error at once: the next model is asked instead.
 */
export async function admit(submission: Submission): Promise<Admission> {
  const { run, host, model } = submission;
  await checkHealth(submission);
  if (submission.hasNext) refuseToWait(submission, host.limiter.pausedFor());
  let queued = false;
  const onQueued = (ahead: number): void => {
    queued = true;
    run.emit({ type: 'queued', provider: host.adapter.name, modelId: model.modelId, ahead });
  };
  const admission = await takeTurn(submission, onQueued);
  if (!queued) return admission;
  try {
    // Much may have happened meanwhile.
    await checkHealth(submission);
    if (run.deadline.remaining() >= leastTime) return admission;
    throw failure(submission, 'timeout', 'it was queued until too little was left', { stage: 'prepare' });
  } catch (error) {
    admission.release();
    throw error;
  }
}

async function takeTurn(submission: Submission, onQueued: (ahead: number) => void): Promise<Admission> {
  const { run, host } = submission;
  try {
    return await host.limiter.admit(run.deadline.signal, onQueued);
  } catch (error) {
    if (!(error instanceof QueueFull)) throw error;
    const detail = 'as many calls as `limits.queue` allows wait for their turn already';
    throw failure(submission, 'rate_limited', detail, { stage: 'prepare', reason: 'queue_full' });
  }
}

/** Waiting happens on the last model alone. */
function refuseToWait(submission: Submission, retryAfter: number): void {
  if (retryAfter <= 0) return;
  throw failure(submission, 'rate_limited', 'the host asked this account to wait', { stage: 'prepare', retryAfter });
}

/** A host that failed a short while ago is left alone, then asked something that is free before it is asked to work. */
async function checkHealth(submission: Submission): Promise<void> {
  const { run, host } = submission;
  const { breaker } = host;
  if (breaker.state() === 'half-open') await run.deadline.race(breaker.probe(() => host.isWell()));
  if (breaker.state() === 'closed') return;
  throw down(submission, breaker.opensAgainIn());
}

function down(submission: Submission, retryAfter: number): ImageError {
  const detail = `it has failed again and again, and is not asked for ${Math.ceil(retryAfter / 1000)} s`;
  return failure(submission, 'unavailable', detail, { stage: 'prepare', reason: 'circuit_open', retryAfter });
}
