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
  const attempts = arrived.flatMap(({ picture }) => picture.attempts);
  for (const error of failures) attempts.push(...error.attempts);
  const applied = toApplied(arrived);
  return {
    intentId,
    images,
    applied,
    attempts,
    failures,
    cost: addCosts(attempts.filter(({ billed }) => billed !== 'no').map(({ cost }) => cost)),
    // What is so for the model is so for each of its pictures.
    warnings: unique(arrived.flatMap(({ picture }) => picture.warnings).concat(toWarnings(applied, images, attempts))),
    jobs: [...new Map(images.map(({ job }) => [job.id, job])).values()],
    timings: toTimings(arrived, elapsed),
  };
}

const unique = (texts: readonly string[]): readonly string[] => (texts.length < 2 ? texts : [...new Set(texts)]);

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
  if (costs.length === 1 && first.amount !== undefined && first.amount === round(first.amount)) return first;
  const amount = costs.reduce((sum, cost) => sum + (cost.amount ?? 0), 0);
  const source = (['listed', 'quoted'] as const).find((each) => costs.some((cost) => cost.source === each));
  return {
    ...{ amount: round(amount), currency: first.currency ?? 'USD', source: source ?? 'reported' },
    ...earliest(costs.filter((cost) => cost.source === 'listed')),
  };
}

const round = (amount: number): number => Math.round(amount * 1e6) / 1e6;

/** Of when a sum of listed prices is: of no day that is known, if one of them is of none. */
function earliest(listed: readonly Cost[]): { readonly asOf?: string } {
  const days = listed.flatMap((cost) => ('asOf' in cost && cost.asOf !== undefined ? [cost.asOf] : [])).toSorted();
  return days[0] !== undefined && days.length === listed.length ? { asOf: days[0] } : {};
}

function toWarnings(applied: Applied, images: readonly GeneratedImage[], attempts: readonly Attempt[]): string[] {
  const warnings: string[] = [];
  for (const { option, asked, sent, reason } of applied.adaptations) {
    const became = sent ? `became ${sent}` : 'was left out';
    warnings.push(`\`${option}\` ${asked} ${became}: ${reason}`);
  }
  for (const { flagged, job } of images) {
    if (flagged) warnings.push(`${job.provider} flagged the picture of job ${job.id} as sensitive`);
  }
  for (const { refund, provider, job } of attempts) {
    if (refund) warnings.push(`${provider} documents a refund of job ${job?.id}, which is not visible yet`);
  }
  for (const { outcome, provider } of attempts) {
    if (outcome !== 'unknown') continue;
    warnings.push(`${provider} may have accepted and charged a submit whose outcome is unknown`);
  }
  return warnings;
}
