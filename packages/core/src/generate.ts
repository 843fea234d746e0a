import { type Call, type GenerateImageOptions, parseCall } from './call.ts';
import type { Job } from './contract/job.ts';
import { type Embarked, embark } from './engine/embark.ts';
import type { Arrival } from './engine/route.ts';
import { ImageError } from './errors/image-error.ts';
import type { GeneratedImage } from './image/picture.ts';
import type { Intent } from './ledger/ledger.ts';
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
    const trips = await Promise.allSettled(
      Array.from({ length: call.n }, (_, index) => makeOne(call, deadline, index)),
    );
    const failures = trips.flatMap((trip) => (trip.status === 'rejected' ? [toImageError(trip.reason, deadline)] : []));
    const arrived = trips.flatMap((trip) => (trip.status === 'fulfilled' ? [trip.value] : []));
    if (arrived.length === 0) throw worstOf(failures);
    return await hand(call, deadline, arrived, failures);
  } finally {
    deadline.dispose();
  }
}

/** Of several failures the one that cost most, with what became of all of them. */
function worstOf(failures: readonly ImageError[]): ImageError {
  const [first] = (['yes', 'unknown', 'no'] as const).flatMap((billed) =>
    failures.filter((each) => each.billed === billed),
  );
  if (!first) throw new TypeError('nothing failed');
  return failures.length === 1 ? first : first.with({ attempts: failures.flatMap(({ attempts }) => attempts) });
}

function makeOne(call: Call, deadline: Deadline, index: number): Promise<Embarked> {
  return embark({ ...call, deadline }, toIntent(call, index), index, call.route);
}

/** The wish for picture `index` of a call. */
export function toIntent({ intentId, request, route, n }: Call, index: number): Intent {
  const seed = request.seed === undefined ? {} : { seed: request.seed + index };
  return {
    id: n === 1 ? intentId : `${intentId}#${index + 1}`,
    createdAt: Date.now(),
    request: { ...request, ...seed },
    route: route.map(({ provider, modelId }) => ({ provider: provider.adapter.name, modelId })),
  };
}

/** The caller's own reason is thrown as it is; everything else that ends a trip is an ImageError. */
export function toImageError(reason: unknown, deadline: Deadline): ImageError {
  if (ImageError.is(reason)) return reason;
  if (!(reason instanceof DeadlineReached)) throw reason;
  const message = `The time was over after ${Math.round(deadline.elapsed())} ms, before anything was sent`;
  return new ImageError({ code: 'timeout', message, billed: 'no', stage: 'prepare' });
}

async function hand(
  call: Call,
  deadline: Deadline,
  arrived: readonly Embarked[],
  failures: readonly ImageError[],
): Promise<GenerateImageResult> {
  const images: GeneratedImage[] = [];
  const undelivered: unknown[] = [];
  for (const { trip, arrival } of arrived) {
    const pictures = arrival.snapshot.outputs.map((output) => toPicture(arrival, output));
    images.push(...pictures);
    try {
      for (const picture of pictures) await call.deliver?.(picture);
      await trip.record({ type: 'delivered', at: Date.now() }).catch(() => undefined);
    } catch (error) {
      // Its intent stays open; the other pictures are still to be delivered.
      undelivered.push(error);
    }
    trip.emit({ type: 'settled', outcome: 'completed', billed: 'yes', ...jobOf(arrival) });
  }
  if (undelivered.length > 0) throw undelivered[0];
  return assemble({ intentId: call.intentId, arrived, images, failures, elapsed: deadline.elapsed() });
}

const jobOf = ({ errand }: Arrival): { job?: Job } => (errand.state.job ? { job: errand.state.job } : {});
