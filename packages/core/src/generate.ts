import { type Call, type GenerateImageOptions, parseCall } from './call.ts';
import type { Job } from './contract/job.ts';
import type { Finished } from './engine/attempt.ts';
import { runHedged } from './engine/hedge.ts';
import { type FinishedIntent, lastAsked, runIntent } from './engine/intent-run.ts';
import { ImageError, worstOf } from './errors/image-error.ts';
import type { GeneratedImage } from './image/picture.ts';
import type { Intent } from './ledger/ledger.ts';
import { routeAt } from './request/target.ts';
import { assemble, type GenerateImageResult, toPicture } from './result.ts';
import { type Deadline, DeadlineReached, startDeadline } from './time/deadline.ts';

/**
 * Makes one or more pictures: submits, waits, returns. It ends by its deadline, pays at most once per picture unless
 * told otherwise, and throws an `ImageError` that says truthfully whether money was spent. Pictures that came are never
 * thrown away: only when none came does it throw.
 */
export async function generateImage(options: GenerateImageOptions): Promise<GenerateImageResult> {
  const call = parseCall(options);
  const deadline = startDeadline(call.timeout, call.signal);
  try {
    const runs = await Promise.allSettled(Array.from({ length: call.n }, (_, index) => makeOne(call, deadline, index)));
    const failures = runs.flatMap((run) => (run.status === 'rejected' ? [toImageError(run.reason, deadline)] : []));
    const arrived = runs.flatMap((run) => (run.status === 'fulfilled' ? [run.value] : []));
    if (arrived.length === 0) throw worstOf(failures);
    return await hand(call, deadline, arrived, failures);
  } finally {
    deadline.dispose();
  }
}

function makeOne(call: Call, deadline: Deadline, index: number): Promise<FinishedIntent> {
  const { hedge } = call;
  const route = routeAt(call.route, index);
  const [intent, frame] = [toIntent(call, index), { ...call, deadline }];
  return hedge ? runHedged(hedge, frame, { intent, picture: index, route }) : runIntent(frame, intent, index, route);
}

/** The wish for picture `index` of a call. */
export function toIntent({ intentId, request, route, n }: Call, index: number): Intent {
  const seed = request.seed === undefined ? {} : { seed: request.seed + index };
  return {
    id: n === 1 ? intentId : `${intentId}#${index + 1}`,
    createdAt: Date.now(),
    request: { ...request, ...seed },
    route: routeAt(route, index).map(({ provider, modelId, overrides }) => ({
      provider: provider.adapter.name,
      modelId,
      ...(overrides ? { overrides } : {}),
    })),
  };
}

/** The caller's own reason is thrown as it is; everything else that ends a run is an ImageError. */
export function toImageError(reason: unknown, deadline: Deadline): ImageError {
  if (ImageError.is(reason)) return reason;
  if (!(reason instanceof DeadlineReached)) throw reason;
  const message = `The time was over after ${Math.round(deadline.elapsed())} ms, before anything was sent`;
  return new ImageError({ code: 'timeout', message, billed: 'no', stage: 'prepare' });
}

async function hand(
  call: Call,
  deadline: Deadline,
  arrived: readonly FinishedIntent[],
  failures: readonly ImageError[],
): Promise<GenerateImageResult> {
  const images: GeneratedImage[] = [];
  const undelivered: unknown[] = [];
  for (const { run, finished } of arrived) {
    const pictures = finished.snapshot.outputs.map((output) => toPicture(finished, output));
    images.push(...pictures);
    try {
      for (const picture of pictures) await call.deliver?.(picture);
      await run.record({ type: 'delivered', at: Date.now() }).catch(() => undefined);
      run.emit({
        type: 'settled',
        outcome: 'completed',
        billed: 'yes',
        cost: finished.cost,
        ...jobOf(finished),
        ...lastAsked(run),
      });
    } catch (error) {
      // Its intent stays open; the other pictures are still to be delivered.
      undelivered.push(error);
      run.emit({ type: 'settled', outcome: 'failed', billed: 'yes', ...jobOf(finished), ...lastAsked(run) });
    }
  }
  if (undelivered.length > 0) throw undelivered[0];
  return assemble({ intentId: call.intentId, arrived, images, failures, elapsed: deadline.elapsed() });
}

const jobOf = ({ submission }: Finished): { job?: Job } => (submission.state.job ? { job: submission.state.job } : {});
