/** What a schedule may know when it decides how long to wait before the next look. */
export interface LookContext {
  /** Milliseconds since the job was accepted. */
  readonly elapsed: number;
  /** Looks so far. */
  readonly looks: number;
  /** 0 to 100, where the host reports it. */
  readonly progress?: number;
  /** The interval that the host documents, in milliseconds. */
  readonly interval: number;
}

/** Milliseconds until the next look. */
export type Schedule = (context: LookContext) => number;

/** The host's documented interval, a little longer with every look. */
export const steady: Schedule = ({ interval, looks }) => interval * Math.min(2.5, 1 + looks * 0.1);

const longest = 60_000;

/** A fixed number or the caller's function as a schedule that is never nonsense. */
export function toSchedule(interval: number | Schedule | undefined): Schedule | undefined {
  if (interval === undefined) return undefined;
  const schedule = typeof interval === 'number' ? () => interval : interval;
  return (context) => {
    const wish = wishOf(schedule, context);
    return Number.isFinite(wish) ? Math.min(longest, Math.max(1, wish)) : context.interval;
  };
}

/** A caller's function that throws must not end the wait for a paid job. */
function wishOf(schedule: Schedule, context: LookContext): number {
  try {
    return schedule(context);
  } catch {
    return Number.NaN;
  }
}
