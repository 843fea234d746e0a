import type { ImageRequest } from '../contract/request.ts';

/** How long a generation is expected to take: log-normal, by its median in milliseconds and the spread of its logarithm. */
export interface Latency {
  readonly median: number;
  readonly sigma: number;
}

/** What a schedule may know when it decides how long to wait before the next poll. */
export interface PollContext {
  /** Milliseconds since the job was accepted. */
  readonly elapsed: number;
  /** Milliseconds from acceptance to the last poll that found it unfinished; 0 before the first. */
  readonly lastPoll: number;
  /** Polls so far. */
  readonly polls: number;
  /** 0 to 100, where the host reports it. */
  readonly progress?: number;
  /** The interval that the host documents, in milliseconds. */
  readonly interval: number;
  /** `default` keeps the mean number of polls at what the documented interval would send; `aggressive` polls more often. */
  readonly pace: Pace;
  /** What the family table says of the model. */
  readonly latency: Latency;
  /** Which jobs are alike: provider, model and size class. */
  readonly bucket: string;
}

export type Pace = 'default' | 'aggressive';

/** What one poll revealed about how long a job takes; all times are milliseconds since it was accepted. */
export interface Observation {
  readonly bucket: string;
  readonly latency: Latency;
  /** The job was not done yet at this moment. */
  readonly from: number;
  /** The moment of the poll. */
  readonly to: number;
  /** Whether the poll found the job ended; otherwise it has only been at risk for longer. */
  readonly done: boolean;
  /** Milliseconds the host says it computed. */
  readonly inference?: number;
}

/** Milliseconds until the next poll. `observe`: what every poll found, for a schedule that learns. */
export interface Schedule {
  (context: PollContext): number;
  observe?(observation: Observation): void;
}

/** No gap between two polls at one job is shorter, in milliseconds, unless the caller decides the gaps. */
export const leastInterval: Readonly<Record<Pace, number>> = { default: 1_000, aggressive: 250 };

const longest = 60_000;

/** A fixed number or the caller's function as a schedule that is never nonsense. */
export function toSchedule(interval: number | Schedule | undefined): Schedule | undefined {
  if (interval === undefined) return undefined;
  const own: Schedule = typeof interval === 'number' ? () => interval : interval;
  const schedule = (context: PollContext): number => {
    const wanted = wantedBy(own, context);
    return Number.isFinite(wanted) ? Math.min(longest, Math.max(1, wanted)) : context.interval;
  };
  return Object.assign(schedule, own.observe && { observe: watched(own) });
}

/** A caller's function that throws must not end the wait for a paid job. */
function wantedBy(schedule: Schedule, context: PollContext): number {
  try {
    return schedule(context);
  } catch {
    return Number.NaN;
  }
}

const watched =
  (schedule: Schedule) =>
  (observation: Observation): void => {
    try {
      schedule.observe?.(observation);
    } catch {
      // As above.
    }
  };

/** Names jobs that take about as long as each other: same host, model and factor, as many pixels to a factor of two. */
export function bucketOf(provider: string, modelId: string, { size, resolution, scale }: ImageRequest): string {
  const named = resolution ?? (scale === undefined ? 'default' : `x${scale}`);
  const extent = size ? Math.round(Math.log2(size.width * size.height)) : named;
  return `${provider}:${modelId}:${extent}`;
}
