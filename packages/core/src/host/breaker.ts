/** How a submit ended, as far as the host's health goes: a refusal that is about the request is `ok`. */
export type Outcome = 'ok' | 'failed' | 'unreachable';

/** Asked before submits only: never before a poll of a paid job or a download. It sends nothing itself. */
export interface Breaker {
  /** `closed`: submit. `open`: ask another host. `half-open`: `probe` first. */
  state(): 'closed' | 'open' | 'half-open';
  /** Milliseconds until it is half-open; 0 unless it is open. */
  opensAgainIn(): number;
  report(outcome: Outcome): void;
  /**
   * Whether a submit may be sent. Half-open, it asks `check`, one at a time: whoever comes meanwhile shares the answer.
   * `check` must be free of charge, bring its own time limit and not end with one caller. Its rejection counts as a no.
   */
  probe(check: () => Promise<boolean>): Promise<boolean>;
}

export interface BreakerOptions {
  /** Milliseconds on a clock that never goes back. @default performance.now */
  readonly now?: () => number;
}

/** Connect failures in a row that open it. */
const mostUnreachable = 5;
/** As many calls it takes for a share to mean something. */
const fewestCalls = 10;
/** Milliseconds it stays open: at first, and at most after doubling with each opening until a submit succeeds. */
const shortest = 10_000;
const longest = 120_000;

export function createBreaker({ now = () => performance.now() }: BreakerOptions = {}): Breaker {
  const window = createSlidingWindow(now);
  let unreachable = 0;
  let openings = 0;
  let openUntil: number | undefined;
  let probing: Promise<boolean> | undefined;
  const opensAgainIn = (): number => Math.max(0, (openUntil ?? 0) - now());
  const state = (): 'closed' | 'open' | 'half-open' =>
    openUntil === undefined ? 'closed' : opensAgainIn() > 0 ? 'open' : 'half-open';
  const open = (): void => {
    openUntil = now() + Math.min(longest, shortest * 2 ** openings);
    openings += 1;
    unreachable = 0;
    window.clear();
  };
  const settleProbe = (isWell: boolean): boolean => {
    probing = undefined;
    // A submit that was still under way may have told in the meantime.
    if (state() === 'half-open') {
      if (isWell) openUntil = undefined;
      else open();
    }
    return state() === 'closed';
  };
  return {
    state,
    opensAgainIn,
    report(outcome) {
      const before = state();
      // What was sent before it opened tells nothing new.
      if (before === 'open') return;
      const isFailure = outcome !== 'ok';
      if (!isFailure) {
        openings = 0;
        openUntil = undefined;
      }
      unreachable = outcome === 'unreachable' ? unreachable + 1 : 0;
      const { calls, failures } = window.add(isFailure);
      const isDown = unreachable >= mostUnreachable || (calls >= fewestCalls && failures * 2 >= calls);
      if (isFailure && (isDown || before === 'half-open')) open();
    },
    probe(check) {
      if (state() !== 'half-open') return Promise.resolve(state() === 'closed');
      probing ??= Promise.resolve()
        .then(check)
        .catch(() => false)
        .then(settleProbe);
      return probing;
    },
  };
}

/** Counts the calls of the last 30 seconds, second by second: as small for ten thousand calls as for ten. */
interface SlidingWindow {
  /** Counts a call, and says what there was in the last 30 seconds. */
  add(isFailure: boolean): { readonly calls: number; readonly failures: number };
  clear(): void;
}

interface Second {
  readonly at: number;
  calls: number;
  failures: number;
}

const span = 30;

/** `now` is in milliseconds. */
function createSlidingWindow(now: () => number): SlidingWindow {
  let seconds: Second[] = [];
  return {
    add(isFailure) {
      const at = Math.floor(now() / 1000);
      if (seconds.at(-1)?.at !== at) seconds.push({ at, calls: 0, failures: 0 });
      if (at - (seconds[0]?.at ?? at) >= span) seconds = seconds.filter((second) => at - second.at < span);
      let calls = 0;
      let failures = 0;
      for (const second of seconds) {
        if (second.at === at) {
          second.calls += 1;
          second.failures += Number(isFailure);
        }
        calls += second.calls;
        failures += second.failures;
      }
      return { calls, failures };
    },
    clear() {
      seconds = [];
    },
  };
}
