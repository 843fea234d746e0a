/** How long a generation is expected to take: log-normal, by its median in milliseconds and the spread of its logarithm. */
export interface Latency {
  readonly median: number;
  readonly sigma: number;
}

/** What a schedule may know when it decides how long to wait before the next look. */
export interface LookContext {
  /** Milliseconds since the job was accepted. */
  readonly elapsed: number;
  /** Milliseconds from acceptance to the last look that found it unfinished; 0 before the first. */
  readonly lastLook: number;
  /** Looks so far. */
  readonly looks: number;
  /** 0 to 100, where the host reports it. */
  readonly progress?: number;
  /** The interval that the host documents, in milliseconds. */
  readonly interval: number;
  /** `polite` keeps the mean number of looks at what the documented interval would send; `keen` looks more often. */
  readonly pace: Pace;
  /** What the family table says of the model. */
  readonly latency: Latency;
  /** Which jobs are alike: provider, model and size class. */
  readonly kind: string;
}

export type Pace = 'polite' | 'keen';

/** What one look told about how long a job takes; all times are milliseconds since it was accepted. */
export interface Observation {
  readonly kind: string;
  readonly latency: Latency;
  /** The job was not done yet at this moment. */
  readonly from: number;
  /** The moment of the look. */
  readonly to: number;
  /** Whether the look found the job ended; otherwise it has only been at risk for longer. */
  readonly done: boolean;
  /** Milliseconds the host says it computed. */
  readonly inference?: number;
}

/** Milliseconds until the next look. A schedule that learns is told what every look found. */
export interface Schedule {
  (context: LookContext): number;
  observe?(observation: Observation): void;
}

/** No gap between two looks at one job is shorter, in milliseconds, unless the caller decides the gaps. */
export const leastGap: Readonly<Record<Pace, number>> = { polite: 1_000, keen: 250 };

const longest = 60_000;

/** A fixed number or the caller's function as a schedule that is never nonsense. */
export function toSchedule(interval: number | Schedule | undefined): Schedule | undefined {
  if (interval === undefined) return undefined;
  const own: Schedule = typeof interval === 'number' ? () => interval : interval;
  const schedule = (context: LookContext): number => {
    const wish = wishOf(own, context);
    return Number.isFinite(wish) ? Math.min(longest, Math.max(1, wish)) : context.interval;
  };
  return Object.assign(schedule, own.observe && { observe: watched(own) });
}

/** A caller's function that throws must not end the wait for a paid job. */
function wishOf(schedule: Schedule, context: LookContext): number {
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
