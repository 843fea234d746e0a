import type { Call } from '../call.ts';
import type { Job } from '../contract/job.ts';
import { ImageError, worstOf } from '../errors/image-error.ts';
import { type Host, hostAt } from '../host/host.ts';
import type { Intent } from '../ledger/facts.ts';
import { currentJob } from '../ledger/state.ts';
import { toEntries } from '../request/route-entries.ts';
import { routeAt } from '../request/target.ts';
import { confirmUnpaid } from './confirm.ts';
import { createPicture, type Frame, type Policy } from './picture.ts';
import { assemble, type GenerateImageResult } from './result.ts';
import { type Finished, type Listener, runPicture, runTo, type Start } from './run.ts';

/**
 * Makes the pictures of a call, each by itself. Ends when the last has come or failed. One promise for all of it: what
 * waits for a promise weighs as much as a job.
 */
export function generate(call: Call): Promise<GenerateImageResult> {
  return new Promise((resolve) => {
    const { n, route, hedge } = call;
    const making = new Making(call, resolve);
    const makeOne = hedge?.(start);
    for (let index = 0; index < n; index += 1) {
      const one = [making.frame, toIntent(call, index), index, routeAt(route, index)] as const;
      if (!makeOne) runTo(createPicture(...one), 'picture', making);
      else Promise.allSettled([makeOne(...one)]).then(([end]) => making.ended(end, index));
    }
  });
}

/** The pictures of a call that is under way. */
class Making implements Listener {
  readonly frame: Frame;
  readonly #intentId: string;
  readonly #host: Host;
  readonly #resolve: (result: Promise<GenerateImageResult>) => void;
  #ends: readonly PromiseSettledResult<Finished>[] = none;
  #left: number;

  constructor(call: Call, resolve: (result: Promise<GenerateImageResult>) => void) {
    this.frame = toFrame(call);
    this.#intentId = call.intentId;
    this.#host = hostAt(call.route[0].provider);
    this.#resolve = resolve;
    this.#left = call.n;
  }

  ended(end: PromiseSettledResult<Finished | undefined>, index: number): void {
    const ends = [...this.#ends];
    ends[index] = end as PromiseSettledResult<Finished>;
    this.#ends = ends;
    this.#left -= 1;
    if (this.#left === 0) this.#resolve(conclude(this.frame, this.#intentId, ends, this.#host));
  }
}

const none: readonly never[] = [];

async function conclude(
  frame: Frame,
  intentId: string,
  ends: readonly PromiseSettledResult<Finished>[],
  host: Host,
): Promise<GenerateImageResult> {
  const reasons = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
  // What is no ImageError is the caller's own: the reason of an abort goes back as it is, whatever it is.
  const { signal } = frame;
  const isOwn = (reason: unknown): boolean =>
    !ImageError.is(reason) || (signal?.aborted === true && reason === signal.reason);
  const own = reasons.findIndex(isOwn);
  if (own >= 0) throw reasons[own];
  const errors = reasons.filter(ImageError.is);
  const failures = frame.several && errors.length > 0 ? await confirmBegun(errors, frame, host) : errors;
  const arrived = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
  const undelivered = failures.find(({ stage, billed }) => stage === 'download' && billed === 'yes');
  if (arrived.length === 0 || (undelivered && frame.deliver)) throw undelivered ?? worstOf(failures);
  return assemble({ intentId, arrived, failures, elapsed: performance.now() - frame.start });
}

/** A picture without attempts never got into the ledger, and who never held it has said what can be said. */
async function confirmBegun(errors: readonly ImageError[], frame: Frame, host: Host): Promise<ImageError[]> {
  const begun = errors.filter(({ attempts }) => attempts.length > 0);
  const confirmed = await confirmUnpaid(begun, frame, host);
  return errors.map((error) => confirmed[begun.indexOf(error)] ?? error);
}

let lastPolicy: Policy | undefined;

/** That of the call before where it is the same: most calls of a program agree, and each job that waits holds one. */
function shared(policy: Policy): Policy {
  const last = lastPolicy;
  const isSame = last && (Object.keys(policy) as (keyof Policy)[]).every((name) => policy[name] === last[name]);
  lastPolicy = isSame ? last : policy;
  return lastPolicy;
}

/** What the pictures of a call share, from now on. */
export function toFrame(call: Call): Frame {
  const { policy, budget, webhooks, isNamed, onEvent, signal, deliver, start, home, n, hedge } = call;
  return {
    ledger: call.ledger ?? hostAt(home.provider).ledger,
    policy: shared(policy),
    budget,
    webhooks,
    isNamed,
    submits: true,
    several: n > 1 || hedge !== undefined,
    onEvent,
    signal,
    start,
    end: start + call.timeout,
    deliver,
    isManual: call.acknowledge === 'manual',
  };
}

const start: Start = (frame, intent, index, route, begun) => {
  const picture = createPicture(frame, intent, index, route);
  begun?.(picture);
  return runPicture(picture);
};

/** The request for picture `index` of a call. The first has the call's own id: asked again for more, only those are new. */
export function toIntent({ intentId, request, route }: Call, index: number): Intent {
  const seed = request.seed === undefined ? {} : { seed: request.seed + index };
  return {
    id: index === 0 ? intentId : `${intentId}#${index + 1}`,
    createdAt: Date.now(),
    request: index === 0 ? request : { ...request, ...seed },
    route: toEntries(routeAt(route, index)),
  };
}

/** Submits the one picture of a call and leaves it there. */
export async function submit(call: Call): Promise<Job> {
  const picture = createPicture(toFrame(call), toIntent(call, 0), 0, call.route);
  await runPicture(picture, 'job');
  const job = currentJob(picture.state)?.job;
  if (!job) throw new TypeError('a job was asked for');
  return job;
}
