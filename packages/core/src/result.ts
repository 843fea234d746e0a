import type { HttpRequest, Output } from './contract/adapter.ts';
import type { Job } from './contract/job.ts';
import type { Adaptation } from './contract/request.ts';
import type { Attempt, Cost } from './contract/result.ts';
import type { Finished } from './engine/attempt.ts';
import { describeExchange } from './engine/failure.ts';
import type { FinishedIntent } from './engine/intent-run.ts';
import { ask, readSnapshot } from './engine/look.ts';
import type { ImageError } from './errors/image-error.ts';
import { createPicture, type GeneratedImage } from './image/picture.ts';
import { startDeadline } from './time/deadline.ts';

/** What was really sent for the first picture. */
export interface Applied {
  readonly provider: string;
  /** The host's own model id. */
  readonly model: string;
  readonly request: HttpRequest;
  /** Every place where what was sent differs from what was asked. */
  readonly adaptations: readonly Adaptation[];
}

export interface Timings {
  /** Milliseconds of the whole call. */
  readonly total: number;
  /** Milliseconds until the first job was accepted. */
  readonly accepted?: number;
  /** Milliseconds the host says it computed for the first picture. */
  readonly inference?: number;
}

export interface GenerateImageResult {
  readonly intentId: string;
  /** What came, in the order of the seeds. */
  readonly images: readonly GeneratedImage[];
  /** What the pictures cost together; unknown is never 0. */
  readonly cost: Cost;
  readonly applied: Applied;
  /** In words: adaptations, flagged pictures, money that is still to come back. */
  readonly warnings: readonly string[];
  readonly jobs: readonly Job[];
  readonly attempts: readonly Attempt[];
  /** Why the other pictures of `n` did not come. */
  readonly failures: readonly ImageError[];
  readonly timings: Timings;
}

export function toPicture({ submission }: Finished, output: Output): GeneratedImage {
  const { host, prepared, state } = submission;
  const seed = prepared.native.fields.seed;
  const job = state.job ?? { provider: host.adapter.name, modelId: submission.model.modelId, id: '' };
  return createPicture({
    output,
    job,
    seed: typeof seed === 'number' && seed >= 0 ? seed : undefined,
    fetch: host.fetch,
    local: host.isLocal(),
    enter: (signal) => host.gate.enter('download', signal),
    onDownload: () => submission.run.emit({ type: 'downloading', job }),
    refresh: (signal) => lookForUrl(submission, job, signal),
  });
}

async function lookForUrl(
  submission: Finished['submission'],
  job: Job,
  signal: AbortSignal,
): Promise<string | undefined> {
  const deadline = startDeadline(10_000, signal);
  try {
    const watch = { ...submission, run: { ...submission.run, deadline } };
    const exchange = await ask(watch, submission.host.adapter.toPoll(job.id));
    const snapshot = readSnapshot(submission.host.adapter, exchange);
    if (snapshot?.id !== job.id) throw new Error(describeExchange(exchange, snapshot));
    return snapshot.outputs[0]?.url;
  } finally {
    deadline.dispose();
  }
}

interface Parts {
  readonly intentId: string;
  readonly arrived: readonly FinishedIntent[];
  readonly images: readonly GeneratedImage[];
  readonly failures: readonly ImageError[];
  readonly elapsed: number;
}

export function assemble({ intentId, arrived, images, failures, elapsed }: Parts): GenerateImageResult {
  const attempts = arrived.flatMap(({ run }) => run.attempts).concat(failures.flatMap((error) => error.attempts));
  const applied = toApplied(arrived);
  return {
    intentId,
    images,
    applied,
    attempts,
    failures,
    cost: addCosts(attempts.filter(({ billed }) => billed !== 'no').map(({ cost }) => cost)),
    warnings: [...arrived.flatMap(({ run }) => run.warnings), ...toWarnings(applied, images, attempts)],
    jobs: [...new Map(images.map(({ job }) => [job.id, job])).values()],
    timings: toTimings(arrived, elapsed),
  };
}

function toApplied([first]: readonly FinishedIntent[]): Applied {
  if (!first) throw new TypeError('a result needs a picture');
  const { host, prepared, request } = first.finished.submission;
  const { adaptations, native } = prepared;
  return { provider: host.adapter.name, model: native.model, request, adaptations };
}

function toTimings([first]: readonly FinishedIntent[], elapsed: number): Timings {
  const accepted = first?.finished.submission.state.acceptedAfter;
  const inference = first?.finished.snapshot.inference;
  return {
    total: Math.round(elapsed),
    ...(accepted === undefined ? {} : { accepted: Math.round(accepted) }),
    ...(inference === undefined ? {} : { inference }),
  };
}

/** A sum of different currencies, or with an unknown part, is unknown. */
export function addCosts(costs: readonly Cost[]): Cost {
  const [first] = costs;
  if (!first || costs.some((cost) => cost.source === 'unknown' || cost.currency !== first.currency)) {
    return { source: 'unknown' };
  }
  const amount = costs.reduce((sum, cost) => sum + (cost.amount ?? 0), 0);
  const source = costs.every((cost) => cost.source === 'reported') ? 'reported' : 'listed';
  return { amount: Math.round(amount * 1e6) / 1e6, currency: first.currency ?? 'USD', source };
}

function toWarnings(applied: Applied, images: readonly GeneratedImage[], attempts: readonly Attempt[]): string[] {
  return [
    ...applied.adaptations.map(({ option, asked, sent, reason }) => {
      return sent
        ? `\`${option}\` ${asked} became ${sent}: ${reason}`
        : `\`${option}\` ${asked} was left out: ${reason}`;
    }),
    ...images
      .filter(({ flagged }) => flagged)
      .map(({ job }) => `${job.provider} flagged the picture of job ${job.id} as sensitive`),
    ...attempts
      .filter(({ refund }) => refund)
      .map((each) => `${each.provider} will give back the money of job ${each.job?.id}`),
    ...attempts
      .filter(({ outcome }) => outcome === 'unknown')
      .map((each) => `${each.provider} may have made and charged a picture that nobody has seen`),
  ];
}
