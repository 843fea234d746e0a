import type { HttpRequest } from '../contract/adapter.ts';
import type { Job } from '../contract/job.ts';
import type { Adaptation, Unchecked } from '../contract/request.ts';
import type { Attempt, Cost } from '../contract/result.ts';
import type { ImageError } from '../errors/image-error.ts';
import type { GeneratedImage } from '../image/picture.ts';
import { modelOf } from './picture.ts';
import type { Finished } from './run.ts';

/** What was really sent for the first picture. */
export interface Applied {
  readonly provider: string;
  /** The host's own model id. */
  readonly model: string;
  readonly request: HttpRequest;
  /** Every place where what was sent differs from what was asked. */
  readonly adaptations: readonly Adaptation[];
  /** What no table vouches for; absent where everything was checked. */
  readonly unchecked?: Unchecked;
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

interface Parts {
  readonly intentId: string;
  readonly arrived: readonly Finished[];
  readonly failures: readonly ImageError[];
  readonly elapsed: number;
}

export function assemble({ intentId, arrived, failures, elapsed }: Parts): GenerateImageResult {
  const images = arrived.flatMap((finished) => finished.images);
  const attempts = arrived
    .flatMap(({ picture }) => picture.attempts)
    .concat(failures.flatMap((error) => error.attempts));
  const applied = toApplied(arrived);
  return {
    intentId,
    images,
    applied,
    attempts,
    failures,
    cost: addCosts(attempts.filter(({ billed }) => billed !== 'no').map(({ cost }) => cost)),
    // What is so for the model is so for each of its pictures.
    warnings: [
      ...new Set([...arrived.flatMap(({ picture }) => picture.warnings), ...toWarnings(applied, images, attempts)]),
    ],
    jobs: [...new Map(images.map(({ job }) => [job.id, job])).values()],
    timings: toTimings(arrived, elapsed),
  };
}

function toApplied([first]: readonly Finished[]): Applied {
  if (!first) throw new TypeError('a result needs a picture');
  const { picture } = first;
  const { adapter } = modelOf(picture).provider;
  const { prepared } = picture.asked ?? {};
  const request = picture.state.sends.at(-1)?.fact.request ?? { method: 'POST', path: '' };
  const model = prepared?.native.model ?? first.job.modelId;
  const unchecked = prepared?.unchecked && { unchecked: prepared.unchecked };
  return { provider: adapter.name, model, request, adaptations: prepared?.adaptations ?? [], ...unchecked };
}

function toTimings([first]: readonly Finished[], elapsed: number): Timings {
  const accepted = first?.picture.accepted;
  const inference = first?.snapshot.inference;
  return {
    total: Math.round(elapsed),
    ...(accepted === undefined ? {} : { accepted: Math.round(accepted) }),
    ...(inference === undefined ? {} : { inference }),
  };
}

/** A sum is as sure as its least sure part: of different currencies, or with an unknown part, it is unknown. */
export function addCosts(costs: readonly Cost[]): Cost {
  const [first] = costs;
  if (!first || costs.some((cost) => cost.source === 'unknown' || cost.currency !== first.currency)) {
    return { source: 'unknown' };
  }
  const amount = costs.reduce((sum, cost) => sum + (cost.amount ?? 0), 0);
  const source = (['listed', 'quoted'] as const).find((each) => costs.some((cost) => cost.source === each));
  return {
    ...{ amount: Math.round(amount * 1e6) / 1e6, currency: first.currency ?? 'USD', source: source ?? 'reported' },
    ...earliest(costs.filter((cost) => cost.source === 'listed')),
  };
}

/** Of when a sum of listed prices is: of no day that is known, if one of them is of none. */
function earliest(listed: readonly Cost[]): { readonly asOf?: string } {
  const days = listed.flatMap((cost) => ('asOf' in cost && cost.asOf !== undefined ? [cost.asOf] : [])).toSorted();
  return days[0] !== undefined && days.length === listed.length ? { asOf: days[0] } : {};
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
      .map((each) => `${each.provider} documents a refund of job ${each.job?.id}, which is not visible yet`),
    ...attempts
      .filter(({ outcome }) => outcome === 'unknown')
      .map((each) => `${each.provider} may have accepted and charged a submit whose outcome is unknown`),
  ];
}
